import { isIP } from 'node:net'
import {
  type Arguments,
  type Option,
  optionList,
  parseArguments,
  UsageError,
} from '../clients/argv.ts'
import { type Allow, allowList } from '../doors/allow.ts'

export const OPTIONS: readonly Option[] = [
  {
    name: 'listen',
    value: 'ADDR',
    repeatable: true,
    summary: 'listen only on this address (repeatable)',
  },
  { name: 'proc', value: 'DIR', summary: 'where the proc tree of the host is (/proc)' },
  { name: 'sys', value: 'DIR', summary: 'where its sys tree is (/sys)' },
  { name: 'root', value: 'DIR', summary: 'where its root directory is (/)' },
  { name: 'cache', value: 'DIR', summary: 'directory of multiresults (/nagios-cache)' },
  {
    name: 'max-reply',
    value: 'BYTES',
    summary: 'longest reply, 640 to 65507 (1472 over IPv4, 1452 over IPv6)',
  },
  {
    name: 'deadline',
    value: 'MS',
    summary: 'milliseconds until an answer is given up, 10 to 60000 (500)',
  },
  {
    name: 'user',
    value: 'NAME',
    summary: 'whom to become when started as root (UID and GID, or nobody)',
  },
  { name: 'help', summary: 'print this and exit' },
  { name: 'version', summary: 'print the version and exit' },
]

export const SYNOPSIS = 'knoerred [options] port client [client ...]'

export const HELP: string = `usage: ${SYNOPSIS}

Answers keys such as load1 in one UDP packet, for clients by address or CIDR prefix.

${optionList(OPTIONS)}
Exit codes: 0 after TERM or INT, 100 for a wrong command line, 111 for a system error.
`

export interface DaemonOptions {
  readonly port: number
  readonly allow: Allow
  readonly listen: readonly string[]
  readonly proc: string
  readonly sys: string
  readonly root: string
  readonly cache: string
  readonly maxReply: number | undefined
  readonly deadline: number
  readonly user: string | undefined
}

/** The options of a run, or what to print instead of one. Throws UsageError. */
export function readOptions(argv: readonly string[]): DaemonOptions | 'help' | 'version' {
  const given = parseArguments(OPTIONS, argv)
  if (given.has('help')) return 'help'
  if (given.has('version')) return 'version'
  const [port, ...clients] = given.rest
  if (port === undefined) throw new UsageError('a port is wanted')
  if (clients.length === 0) throw new UsageError('at least one client is wanted')
  const directory = (name: string, usual: string): string =>
    given.value(name)?.replace(/(?<=.)\/+$/, '') ?? usual
  return {
    port: integer('port', port, 0, 65_535),
    allow: allowed(clients),
    listen: [...new Set(given.values('listen').map(address))],
    proc: directory('proc', '/proc'),
    sys: directory('sys', '/sys'),
    root: directory('root', '/'),
    cache: directory('cache', '/nagios-cache'),
    maxReply: optional(given, 'max-reply', 640, 65_507),
    deadline: optional(given, 'deadline', 10, 60_000) ?? 500,
    user: given.value('user'),
  }
}

function integer(name: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (!/^\d{1,9}$/.test(text) || number < least || number > most)
    throw new UsageError(`${name} is a number from ${least} to ${most}, not "${text}"`)
  return number
}

function optional(given: Arguments, name: string, least: number, most: number): number | undefined {
  const text = given.value(name)
  return text === undefined ? undefined : integer(`--${name}`, text, least, most)
}

function address(text: string): string {
  if (isIP(text) === 0) throw new UsageError(`--listen "${text}" is not an address`)
  if (/^[0:.]*$/.test(text))
    throw new UsageError(`leave --listen ${text} out to listen on all addresses`)
  return text
}

function allowed(clients: readonly string[]): Allow {
  try {
    return allowList(clients)
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
