// The directives of nrpe.cfg (nrpe 4.1, and those that its successor adds), one function each: it
// puts the value where it belongs, or returns what is wrong with it, or `note: …`.

/** Settings of TLS, as the ssl_ directives name them; undefined where the file says nothing. */
export interface NrpeTls {
  readonly enabled: boolean
  readonly version: string | undefined
  /** 0: never, 1: beside a certificate, too, 2: nothing else. */
  readonly anonymous: 0 | 1 | 2 | undefined
  readonly ciphers: string | undefined
  readonly caFile: string | undefined
  readonly certFile: string | undefined
  readonly keyFile: string | undefined
  /** 0: not asked for, 1: asked for, 2: required. */
  readonly clientCerts: 0 | 1 | 2
  /** Bits: 2 address, 4 version, 8 cipher, 16 whether there is a client certificate, 32 whose. */
  readonly logging: number
  /** Seconds. */
  readonly shutdownTimeout: number
}

export interface NrpeConfig {
  readonly port: number
  readonly address: string | undefined
  readonly family: 4 | 6 | undefined
  readonly backlog: number | undefined
  readonly user: string | undefined
  readonly group: string | undefined
  /** Undefined: the file does not say. */
  readonly allowedHosts: readonly string[] | undefined
  readonly argumentsAllowed: boolean
  readonly substitutionAllowed: boolean
  /** Signs that no query may hold. */
  readonly nasty: string
  /** With the blank behind it. */
  readonly prefix: string
  /** Seconds. */
  readonly commandTimeout: number
  /** Seconds. */
  readonly connectionTimeout: number
  /** 0: as many as come. */
  readonly maxCommands: number
  readonly keepEnvironment: readonly string[]
  readonly debug: boolean
  readonly tls: NrpeTls
}

/** The same while it is being made. */
export type Draft = { -readonly [K in keyof Omit<NrpeConfig, 'tls'>]: NrpeConfig[K] } & {
  tls: { -readonly [K in keyof NrpeTls]: NrpeTls[K] }
}

export const draft = (): Draft => ({
  port: 5666,
  address: undefined,
  family: undefined,
  backlog: undefined,
  user: undefined,
  group: undefined,
  allowedHosts: undefined,
  argumentsAllowed: false,
  substitutionAllowed: false,
  nasty: "|`&><'\\[]{};\r\n",
  prefix: '',
  commandTimeout: 60,
  connectionTimeout: 300,
  maxCommands: 0,
  keepEnvironment: [],
  debug: false,
  tls: {
    enabled: true,
    version: undefined,
    anonymous: undefined,
    ciphers: undefined,
    caFile: undefined,
    certFile: undefined,
    keyFile: undefined,
    clientCerts: 0,
    logging: 0,
    shutdownTimeout: 15,
  },
})

/** What is wrong with the value, or nothing. */
type Directive = (config: Draft, value: string) => string | undefined

const number =
  (least: number, most: number, put: (config: Draft, value: number) => void): Directive =>
  (config, text) => {
    const value = Number(text)
    if (!/^\d{1,9}$/.test(text) || value < least || value > most)
      return `not a number from ${least} to ${most}`
    put(config, value)
    return undefined
  }

const flag = (put: (config: Draft, value: boolean) => void): Directive =>
  number(0, 1, (config, value) => put(config, value === 1))

const text =
  (put: (config: Draft, value: string) => void): Directive =>
  (config, value) => {
    put(config, value)
    return undefined
  }

const list =
  (put: (config: Draft, value: string[]) => void): Directive =>
  (config, value) => {
    put(
      config,
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    )
    return undefined
  }

const oneOf =
  (values: readonly string[], put: (config: Draft, value: string) => void): Directive =>
  (config, value) => {
    if (!values.includes(value)) return `none of ${values.join(', ')}`
    put(config, value)
    return undefined
  }

/** Taken and not followed: the sentence says what is done instead. */
const instead = (sentence: string) => (): string => `note: ${sentence}`
const nothing = (): undefined => undefined

const LOGGED = 'the log goes to standard error'

export const TLS_VERSIONS: readonly string[] = [
  'SSLv3',
  'TLSv1',
  'TLSv1.1',
  'TLSv1.2',
  'TLSv1.3',
].flatMap((version) => [version, `${version}+`])

/** C escapes in nasty_metachars. */
const unescapeC = (value: string): string =>
  value.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)/g, (_, code: string) => {
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff)
    return { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' }[code] ?? code
  })

export const directives: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['log_facility', instead(LOGGED)],
  ['log_file', instead(LOGGED)],
  ['disable_syslog', nothing],
  ['debug', flag((config, value) => (config.debug = value))],
  ['pid_file', instead('none is written: the supervisor knows the process')],
  ['server_port', number(1_024, 65_535, (config, value) => (config.port = value))],
  ['server_address', text((config, value) => (config.address = value))],
  [
    'address_family',
    oneOf(['any', '4', '6'], (config, value) => {
      config.family = value === '4' ? 4 : value === '6' ? 6 : undefined
    }),
  ],
  ['listen_queue_size', number(1, 65_535, (config, value) => (config.backlog = value))],
  ['nrpe_user', text((config, value) => (config.user = value))],
  ['nrpe_group', text((config, value) => (config.group = value))],
  ['allowed_hosts', list((config, value) => (config.allowedHosts = value))],
  ['dont_blame_nrpe', flag((config, value) => (config.argumentsAllowed = value))],
  [
    'allow_bash_command_substitution',
    flag((config, value) => (config.substitutionAllowed = value)),
  ],
  ['nasty_metachars', text((config, value) => (config.nasty = unescapeC(value)))],
  ['command_prefix', text((config, value) => (config.prefix = `${value} `))],
  ['command_timeout', number(1, 86_400, (config, value) => (config.commandTimeout = value))],
  ['connection_timeout', number(1, 86_400, (config, value) => (config.connectionTimeout = value))],
  ['max_commands', number(0, 65_535, (config, value) => (config.maxCommands = value))],
  ['keep_env_vars', list((config, value) => (config.keepEnvironment = value))],
  ['ssl_enabled', flag((config, value) => (config.tls.enabled = value))],
  ['ssl_version', oneOf(TLS_VERSIONS, (config, value) => (config.tls.version = value))],
  ['ssl_use_adh', number(0, 2, (config, value) => (config.tls.anonymous = value as 0 | 1 | 2))],
  ['ssl_cipher_list', text((config, value) => (config.tls.ciphers = value))],
  ['ssl_cacert_file', text((config, value) => (config.tls.caFile = value))],
  ['ssl_cert_file', text((config, value) => (config.tls.certFile = value))],
  ['ssl_privatekey_file', text((config, value) => (config.tls.keyFile = value))],
  [
    'ssl_client_certs',
    number(0, 2, (config, value) => (config.tls.clientCerts = value as 0 | 1 | 2)),
  ],
  ['ssl_logging', number(0, 255, (config, value) => (config.tls.logging = value))],
  [
    'ssl_shutdown_timeout',
    number(1, 3_600, (config, value) => (config.tls.shutdownTimeout = value)),
  ],
  ['allow_weak_random_seed', nothing],
])
