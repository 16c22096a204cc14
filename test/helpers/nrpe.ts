import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { asSelf, type Daemon, startCommand, until } from './daemon.ts'
import { directory } from './tools.ts'

/** Debian keeps plugins outside PATH. */
export const PLUGINS = '/usr/lib/nagios/plugins'
const CHECK = join(PLUGINS, 'check_nrpe')
export const NRPE_BIN: string = new URL('../../dist/bin/knoerre-nrpe.cjs', import.meta.url).pathname

/** For tests that need Debian's check_nrpe. */
export const needsCheckNrpe = (): { skip: string | false } => ({
  skip: existsSync(CHECK) || process.env['CI'] === 'true' ? false : 'needs check_nrpe',
})

/** A configuration in a directory of its own; everybody may read it. */
export function configuration(t: TestContext, text: string): { path: string; top: string } {
  const top = directory(t)
  chmodSync(top, 0o755)
  const path = join(top, 'nrpe.cfg')
  writeFileSync(path, text)
  return { path, top }
}

const USUAL = 'server_address=127.0.0.1\nallowed_hosts=127.0.0.1,::1\n'

/** A knoerre-nrpe on a free port, with these lines and options; it ends with the test. */
export async function startNrpe(
  t: TestContext,
  text: string,
  options: readonly string[] = [],
): Promise<Daemon & { path: string }> {
  const { path } = configuration(t, USUAL + text)
  const args = [NRPE_BIN, '-c', path, '--port', '0', ...options]
  const daemon = await startCommand(process.execPath, args, asSelf())
  t.after(() => daemon.process.exitCode ?? daemon.stop())
  return { ...daemon, path }
}

export interface Said {
  readonly code: number
  readonly out: string
  readonly errors: string
}

/** Runs a program to its end. */
export async function run(program: string, ...args: string[]): Promise<Said> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, errors] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const [code] = await once(child, 'close')
  return { code, out, errors }
}

/** Asks with the real check_nrpe. */
export const checkNrpe = (port: number, ...args: string[]): Promise<Said> =>
  run(CHECK, '-H', '127.0.0.1', '-p', String(port), '-D', ...args)

/** A self-signed certificate and its key, named `name`.pem and `name`.key. */
export function certificate(top: string, name: string): { cert: string; key: string } {
  const [cert, key] = [join(top, `${name}.pem`), join(top, `${name}.key`)]
  const args = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  ]
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert], { stdio: 'pipe' })
  return { cert, key }
}

/** A port that nobody listens on now: nrpe takes none from the kernel. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Debian's nrpe with these lines; it ends with the test. Resolves to its port. */
export async function startReal(
  t: TestContext,
  text: string,
  options: readonly string[] = [],
): Promise<number> {
  const port = await freePort()
  const { path } = configuration(
    t,
    `server_port=${port}\nserver_address=127.0.0.1\nnrpe_user=nagios\nnrpe_group=nagios\nallowed_hosts=127.0.0.1\n${text}`,
  )
  const daemon = spawn('nrpe', ['-c', path, '-f', ...options], { stdio: 'ignore' })
  t.after(async () => {
    const ended = once(daemon, 'exit')
    daemon.kill('SIGTERM')
    await ended
  })
  await until('nrpe listens', async () => (await checkNrpe(port, ...options)).code === 0)
  return port
}
