import type { Arguments, Option } from '../clients/argv.ts'
import type { Site } from '../doors/door.ts'
import {
  HOST,
  type HostOptions,
  LISTEN,
  optionalInteger,
  readHost,
  readListen,
  readPortAndClients,
} from './host.ts'
import { TLS } from './http.ts'
import { MAX_REPLY, readMaxReply } from './max-reply.ts'
import { type Program, STANDARD } from './program.ts'

export const OPTIONS: readonly Option[] = [
  LISTEN,
  MAX_REPLY('1472 over IPv4, 1452 over IPv6'),
  { name: 'http', value: 'PORT', summary: 'open the HTTP door on this TCP port, too' },
  ...TLS,
  {
    name: 'nrpe',
    value: 'PORT',
    summary: 'answer check_nrpe, too, on this TCP port: built-in commands only',
  },
  ...HOST,
  ...STANDARD,
]

/** Options of knoerrehd. */
export const HTTPD_OPTIONS: readonly Option[] = [
  LISTEN,
  MAX_REPLY('1472'),
  ...TLS,
  ...HOST,
  ...STANDARD,
]

export const KNOERRED: Program = {
  name: 'knoerred',
  synopsis: '[options] port client [client ...]',
  about: 'Answers keys such as load1 in one UDP packet, for clients by address or CIDR prefix.',
  options: OPTIONS,
}

export const KNOERREHD: Program = {
  name: 'knoerrehd',
  synopsis: '[options] port client [client ...]',
  about: 'Answers keys such as load1 over HTTP, for clients by address or CIDR prefix.',
  options: HTTPD_OPTIONS,
}

export interface DaemonOptions extends HostOptions, Site {
  /** Bytes; undefined: what one Ethernet frame holds. */
  readonly maxReply: number | undefined
  /** The TCP port of the NRPE door. */
  readonly nrpe: number | undefined
}

/** Throws UsageError. */
export const readOptions = (given: Arguments): DaemonOptions => ({
  ...readPortAndClients(given.rest),
  ...readHost(given),
  listen: readListen(given),
  maxReply: readMaxReply(given),
  nrpe: optionalInteger(given, 'nrpe', 0, 65_535),
})
