import { type Arguments, type Option, UsageError } from '../clients/argv.ts'
import { HOST, type HostOptions, optionalInteger, readHost } from './host.ts'
import type { Program } from './program.ts'

const USER: Option = {
  name: 'user',
  value: 'NAME',
  summary: 'whom to become when started as root (nrpe_user)',
}

export const NRPE_OPTIONS: readonly Option[] = [
  { letter: 'c', name: 'config', value: 'FILE', summary: 'configuration file, as nrpe reads it' },
  { name: 'check', summary: 'name what is wrong in the configuration, and exit' },
  { letter: 'n', name: 'no-ssl', summary: 'no TLS: plain queries only' },
  { letter: '4', name: 'ipv4', summary: 'listen on IPv4 only' },
  { letter: '6', name: 'ipv6', summary: 'listen on IPv6 only' },
  { name: 'port', value: 'PORT', summary: 'listen here, whatever server_port says' },
  { letter: 'f', name: 'no-forking', summary: 'stay in the foreground: it always does' },
  { letter: 'd', name: 'daemon', summary: 'the same: it never leaves the foreground' },
  ...HOST.map((option) => (option.name === 'user' ? USER : option)),
  { letter: 'h', name: 'help', summary: 'print this and exit' },
  { letter: 'V', name: 'version', summary: 'print the version and exit' },
]

export const KNOERRE_NRPE: Program = {
  name: 'knoerre-nrpe',
  synopsis: '-c FILE [options]',
  about:
    'Answers check_nrpe with the configuration of nrpe: keys and common checks in this process,\n' +
    'everything else by the plugins that the configuration names, without a shell.',
  options: NRPE_OPTIONS,
}

export interface NrpeOptions extends HostOptions {
  readonly config: string
  readonly plain: boolean
  readonly family: 4 | 6 | undefined
  readonly port: number | undefined
}

/** Throws UsageError. */
export function readNrpeOptions(given: Arguments): NrpeOptions {
  const config = given.value('config')
  if (config === undefined) throw new UsageError('-c FILE is wanted')
  if (given.rest.length > 0) throw new UsageError(`"${given.rest[0]}" is not an option`)
  if (given.has('ipv4') && given.has('ipv6')) throw new UsageError('-4 and -6 exclude each other')
  return {
    ...readHost(given),
    config,
    plain: given.has('no-ssl'),
    family: given.has('ipv4') ? 4 : given.has('ipv6') ? 6 : undefined,
    port: optionalInteger(given, 'port', 0, 65_535),
  }
}
