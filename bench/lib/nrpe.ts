// nrpe and knoerre-nrpe side by side, plain and TLS: exchanges a second, CPU of the server and all it
// starts, and processes started, for one check. Both run the same plugin; ours answers it in the
// process, too. The plugin itself starts one. Needs root, Debian's nagios-nrpe-server and monitoring-plugins-basic, and strace.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { decodePacket, encodePacket, QUERY } from '../../src/codec/nrpe.ts'
import { freePort, installed, owned, ROOT, type Section } from './tools.ts'

const BIN = `${ROOT}dist/bin/knoerre-nrpe.cjs`
const LOAD = '-w 999,999,999 -c 999,999,999'
const SECONDS = 5
/** Clients at once; each asks again when it has its answer. */
const CLIENTS = 4

interface Server {
  readonly process: ChildProcess
  readonly pid: number
  readonly port: number
}

const top = mkdtempSync(join(tmpdir(), 'bench-nrpe-'))

/** Starts one of both, under strace where `trace` names a file for it. */
async function start(ours: boolean, plain: boolean, trace?: string): Promise<Server> {
  const port = await freePort()
  const file = join(top, `${port}.cfg`)
  writeFileSync(
    file,
    `server_port=${port}
server_address=127.0.0.1
nrpe_user=nobody
nrpe_group=nogroup
allowed_hosts=127.0.0.1
command[plugin]=/usr/lib/nagios/plugins/check_load ${LOAD}
command[builtin]=builtin check_load ${LOAD}
`,
  )
  const options = ['-c', file, '-f', ...(plain ? ['-n'] : [])]
  const words = ours ? [process.execPath, BIN, ...options] : ['nrpe', ...options]
  const traced = ['strace', '-f', '-qq', '-e', 'trace=fork,vfork,clone,clone3', '-o', trace ?? '']
  const [program = '', ...args] = trace === undefined ? words : [...traced, ...words]
  const child = owned(spawn(program, args, { stdio: 'ignore', cwd: '/' }))
  while (!(await answers(port, plain))) await new Promise((resolve) => setTimeout(resolve, 50))
  const own = child.pid as number
  const pid =
    trace === undefined ? own : Number(readFileSync(trace, 'utf8').split(' ', 1)[0]) || own
  return { process: child, pid, port }
}

async function stop({ process: child, pid }: Server): Promise<void> {
  const ended = once(child, 'exit')
  process.kill(pid, 'SIGTERM')
  await ended
}

const answers = (port: number, plain: boolean): Promise<boolean> =>
  ask(port, plain, '_NRPE_CHECK').then(
    () => true,
    () => false,
  )

/** One exchange; rejects when there is no good answer. */
function ask(port: number, plain: boolean, command: string): Promise<void> {
  const socket: Socket = plain
    ? connect({ port, host: '127.0.0.1', noDelay: true })
    : connectTls({
        port,
        host: '127.0.0.1',
        // What check_nrpe offers, in the order in which it offers it.
        ciphers: 'ALL:!MD5:@STRENGTH:@SECLEVEL=0',
        maxVersion: 'TLSv1.2',
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
      })
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const query = encodePacket({ version: 2, type: QUERY, result: 0, text: command })
  socket.once(plain ? 'connect' : 'secureConnect', () => socket.write(query))
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('end', () => socket.end())
    socket.once('close', () => {
      const decoded = decodePacket(Buffer.concat(chunks))
      if (decoded.kind === 'packet' && decoded.packet.result === 0) resolve()
      else reject(new Error(`no answer to ${command}`))
    })
  })
}

/** Where a control group can be made, and where it tells the CPU time of all that was ever in it. */
const GROUPS = [
  ['/sys/fs/cgroup/cpuacct', 'cpuacct.usage', /^(\d+)/, 1e9],
  ['/sys/fs/cgroup', 'cpu.stat', /^usage_usec (\d+)/m, 1e6],
] as const

/** nrpe's children are nobody's soon: a control group counts them, where one can be made. */
function grouped(pid: number): { seconds: () => number; leave: () => void } {
  for (const [parent, file, pattern, unit] of GROUPS) {
    const group = `${parent}/bench-nrpe-${pid}`
    try {
      mkdirSync(group)
    } catch {
      continue
    }
    try {
      const seconds = (): number =>
        Number(pattern.exec(readFileSync(`${group}/${file}`, 'utf8'))?.[1]) / unit
      writeFileSync(`${group}/cgroup.procs`, String(pid))
      if (!Number.isNaN(seconds())) return { seconds, leave: () => rmdirSync(group) }
      rmdirSync(group)
    } catch {
      rmdirSync(group)
    }
  }
  return { seconds: () => Number.NaN, leave: () => undefined }
}

interface Rate {
  readonly perSecond: number
  readonly milliseconds: number
  /** Once the server has ended. */
  readonly leave: () => void
}

/** Exchanges a second, and milliseconds of CPU of the server for one. */
async function rate(server: Server, plain: boolean, command: string): Promise<Rate> {
  const group = grouped(server.pid)
  const before = group.seconds()
  const start = performance.now()
  const end = start + SECONDS * 1_000
  let count = 0
  const client = async (): Promise<void> => {
    for (; performance.now() < end; count++) await ask(server.port, plain, command)
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  const seconds = (performance.now() - start) / 1_000
  const milliseconds = ((group.seconds() - before) * 1_000) / count
  return { perSecond: count / seconds, milliseconds, leave: group.leave }
}

/** Processes that a server starts for one check. */
async function started(ours: boolean, plain: boolean, command: string): Promise<number> {
  const trace = join(top, 'trace')
  const server = await start(ours, plain, trace)
  const forks = (): number =>
    readFileSync(trace, 'utf8')
      .split('\n')
      .filter(
        (line) => /\b(fork|vfork|clone|clone3)\(/.test(line) && !line.includes('CLONE_THREAD'),
      ).length
  const before = forks()
  for (let i = 0; i < 10; i++) await ask(server.port, plain, command)
  const count = (forks() - before) / 10
  await stop(server)
  return count
}

const ROWS = [
  ['nrpe, plugin', false, 'plugin'],
  ['knoerre-nrpe, plugin', true, 'plugin'],
  ['knoerre-nrpe, built in', true, 'builtin'],
] as const

async function row([name, ours, command]: (typeof ROWS)[number], plain: boolean): Promise<string> {
  const server = await start(ours, plain)
  for (let i = 0; i < 20; i++) await ask(server.port, plain, command)
  const { perSecond, milliseconds, leave } = await rate(server, plain, command)
  await stop(server)
  leave()
  const processes = await started(ours, plain, command)
  const cells = [perSecond.toFixed(0), `${milliseconds.toFixed(2)} ms`, processes.toFixed(1)]
  return `| ${name}, ${plain ? 'plain' : 'TLS'} | ${cells.join(' | ')} |`
}

/** nrpe and knoerre-nrpe, plain and TLS. */
export async function compareNrpe(): Promise<Section> {
  if (!installed('nrpe') || process.getuid?.() !== 0) return { lines: [], ratios: {} }
  const lines = [
    `## check_load over NRPE, ${CLIENTS} clients at once`,
    '',
    '| server | exchanges a second | CPU of the server for one | processes started for one |',
    '|---|---|---|---|',
  ]
  for (const plain of [true, false]) for (const kind of ROWS) lines.push(await row(kind, plain))
  rmSync(top, { recursive: true })
  return { lines: [...lines, ''], ratios: {} }
}
