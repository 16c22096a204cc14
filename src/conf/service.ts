// The texts of a service: for daemontools as djb's *-conf programs write it, and for systemd.

/** What shall run, and for whom. */
export interface Service {
  readonly account: string
  readonly logAccount: string
  /** Node and the program, by their whole paths: a supervisor's PATH may have neither. */
  readonly command: readonly string[]
  /** Further options. */
  readonly options: readonly string[]
  readonly port: string
  readonly clients: readonly string[]
}

/** A file of the service, below its directory. */
export interface ServiceFile {
  readonly path: string
  readonly text: string
  readonly mode: number
}

/** A word as sh(1) reads it back. */
const quoted = (word: string): string =>
  /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/**
 * run, log/run, and the variables of envdir(8): who edits those and says `svc -t` changes the port,
 * the clients and the options.
 */
export function daemontoolsFiles(service: Service): ServiceFile[] {
  const { account, logAccount, command, options, port, clients } = service
  const variable = (name: string, words: readonly string[]): ServiceFile => ({
    path: `env/${name}`,
    text: `${words.join(' ')}\n`,
    mode: 0o644,
  })
  // envuidgid(8) comes last: where sh is bash, UID does not pass through it.
  const words = ['envuidgid', account, ...command].map(quoted).join(' ')
  const run = `#!/bin/sh
exec 2>&1
exec envdir ./env sh -c 'exec "$@" $OPTIONS $PORT $CLIENTS' sh ${words}
`
  const log = `#!/bin/sh
exec setuidgid ${quoted(logAccount)} multilog t ./main
`
  return [
    variable('PORT', [port]),
    variable('CLIENTS', clients),
    variable('OPTIONS', options),
    { path: 'log/run', text: log, mode: 0o755 },
    // Last: a supervise that watches the directory already begins with it.
    { path: 'run', text: run, mode: 0o755 },
  ]
}

/** A word of ExecStart=, systemd.service(5), Command lines. */
const execWord = (word: string): string => {
  const plain = word.replaceAll('%', '%%').replaceAll('$', '$$$$')
  return /^[\w./:@%$-]+$/.test(plain) ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`
}

/** The hardened unit of the examples with another command, another user and another program in it. */
export function systemdUnit(
  example: string,
  name: string,
  { account, command, options, port, clients }: Service,
): string {
  const words = [...command, ...options, port, ...clients]
  return example
    .replace(/^Description=.*/m, `Description=${name}, answers how this host is`)
    .replace(/^Documentation=.*/m, `Documentation=man:${name}(8)`)
    .replace(/^ExecStart=.*/m, () => `ExecStart=${words.map(execWord).join(' ')}`)
    .replace(/^User=.*/m, () => `User=${account}`)
}
