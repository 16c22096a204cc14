import { isAbsolute } from 'node:path'
import { type Arguments, UsageError } from '../clients/argv.ts'
import { optionalInteger, readPortAndClients } from './host.ts'
import { type Program, STANDARD } from './program.ts'

export const CONF: Program = {
  name: 'knoerre-conf',
  synopsis: '[options] acct logacct /service-dir port client [client ...]',
  about: 'Writes a service directory for daemontools, or a unit for systemd.',
  options: [
    { name: 'systemd', summary: 'write a unit into the directory, which is there already' },
    { name: 'program', value: 'NAME', summary: 'what to run: knoerred or knoerrehd (knoerred)' },
    { name: 'http', value: 'PORT', summary: 'have knoerred open the HTTP door on this port, too' },
    ...STANDARD,
  ],
  exits: '0, 100 for a wrong command line, 111 for a system error',
}

/** What is to be written, and where. */
export interface Wanted {
  readonly account: string
  readonly logAccount: string
  readonly directory: string
  readonly program: string
  readonly options: readonly string[]
  readonly port: string
  readonly clients: readonly string[]
  readonly systemd: boolean
}

/** Throws UsageError. */
export function readWanted(given: Arguments): Wanted {
  const [account, logAccount, directory, ...rest] = given.rest
  if (account === undefined || logAccount === undefined || directory === undefined)
    throw new UsageError('acct, logacct and a directory are wanted')
  if (!isAbsolute(directory)) throw new UsageError(`"${directory}" is no absolute path`)
  readPortAndClients(rest)
  const [port = '', ...clients] = rest
  const program = given.value('program') ?? 'knoerred'
  if (program !== 'knoerred' && program !== 'knoerrehd')
    throw new UsageError(`--program "${program}" is neither knoerred nor knoerrehd`)
  const http = optionalInteger(given, 'http', 0, 65_535)
  if (http !== undefined && program !== 'knoerred') throw new UsageError('--http is for knoerred')
  const options = http === undefined ? [] : ['--http', String(http)]
  const systemd = given.has('systemd')
  return { account, logAccount, directory, program, options, port, clients, systemd }
}
