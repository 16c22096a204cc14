import { isIP } from 'node:net'
import { type Arguments, type Option, UsageError } from '../clients/argv.ts'
import { type Allow, allowList } from '../doors/allow.ts'

/** Where keys come from: /proc and /sys, or what every system has. */
export type Source = 'linux' | 'portable'

/** Where the host's trees are, how long an answer may take, and whom root becomes. */
export interface HostOptions {
  readonly proc: string
  readonly sys: string
  readonly root: string
  readonly cache: string
  /** Milliseconds. */
  readonly deadline: number
  readonly user: string | undefined
  /** The file of the sets that `multi/NAME` answers. */
  readonly sets: string | undefined
  readonly source: Source
}

/** Options of every program that answers for a host. */
export const HOST: readonly Option[] = [
  { name: 'proc', value: 'DIR', summary: 'where the proc tree of the host is (/proc)' },
  { name: 'sys', value: 'DIR', summary: 'where its sys tree is (/sys)' },
  { name: 'root', value: 'DIR', summary: 'where its root directory is (/)' },
  {
    name: 'cache',
    value: 'DIR',
    summary: 'directory of multiresults and cachedvalue (/nagios-cache)',
  },
  {
    name: 'deadline',
    value: 'MS',
    summary: 'milliseconds until an answer is given up, 10 to 60000 (500)',
  },
  {
    name: 'source',
    value: 'NAME',
    summary: 'linux, or portable, which starts processes (linux on Linux, else portable)',
  },
  { name: 'sets', value: 'FILE', summary: 'sets of keys, one a line, that multi/NAME answers' },
  {
    name: 'user',
    value: 'NAME',
    summary: 'whom to become when started as root (UID and GID, or nobody)',
  },
]

/** The option `--listen`, for programs that open sockets. */
export const LISTEN: Option = {
  name: 'listen',
  value: 'ADDR',
  repeatable: true,
  summary: 'listen only on this address (repeatable)',
}

/** Throws UsageError. */
export function readHost(given: Arguments): HostOptions {
  const directory = (name: string, usual: string): string =>
    given.value(name)?.replace(/(?<=.)\/+$/, '') ?? usual
  return {
    source: source(given),
    proc: directory('proc', '/proc'),
    sys: directory('sys', '/sys'),
    root: directory('root', '/'),
    cache: directory('cache', '/nagios-cache'),
    deadline: optionalInteger(given, 'deadline', 10, 60_000) ?? 500,
    user: given.value('user'),
    sets: given.value('sets'),
  }
}

function source(given: Arguments): Source {
  const name = given.value('source') ?? (process.platform === 'linux' ? 'linux' : 'portable')
  if (name !== 'linux' && name !== 'portable')
    throw new UsageError(`--source is linux or portable, not "${name}"`)
  const tree = ['proc', 'sys'].find((tree) => given.value(tree) !== undefined)
  if (name === 'portable' && tree !== undefined)
    throw new UsageError(`--source portable reads no --${tree}`)
  return name
}

/** The addresses of `--listen`, each once. Throws UsageError. */
export const readListen = (given: Arguments): string[] => [
  ...new Set(given.values('listen').map(address)),
]

/** The words `port client [client ...]`. Throws UsageError. */
export function readPortAndClients([port, ...clients]: readonly string[]): {
  port: number
  allow: Allow
} {
  if (port === undefined) throw new UsageError('a port is wanted')
  if (clients.length === 0) throw new UsageError('at least one client is wanted')
  return { port: integer('port', port, 0, 65_535), allow: allowed(clients) }
}

function integer(name: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (!/^\d{1,9}$/.test(text) || number < least || number > most)
    throw new UsageError(`${name} is a number from ${least} to ${most}, not "${text}"`)
  return number
}

/** The number of an option, undefined where it was not given. Throws UsageError. */
export function optionalInteger(
  given: Arguments,
  name: string,
  least: number,
  most: number,
): number | undefined {
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
