// Building, starting, loading and measuring: what all the comparisons share.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'

export const BENCH: string = new URL('..', import.meta.url).pathname
export const ROOT: string = new URL('../..', import.meta.url).pathname
const BUILT = `${BENCH}build`
/** The CPU of servers, and the one of the load. */
const SERVER_CPU = '0'
const LOAD_CPU = '1'

/** Compiles the C programs. */
export function build(): void {
  mkdirSync(BUILT, { recursive: true })
  const compile = (name: string, ...libraries: string[]): unknown =>
    execFileSync('cc', ['-O2', '-o', `${BUILT}/${name}`, `${BENCH}c/${name}.c`, ...libraries])
  compile('floor')
  compile('crowd')
  compile('load', '-lssl', '-lcrypto', '-lpthread')
}

export const built = (name: string): string => `${BUILT}/${name}`

/** Whether a program is installed. */
export const installed = (program: string): boolean =>
  spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/sbin; command -v ${program}`]).status === 0

/** A port of 127.0.0.1 that nobody has at the moment, for programs that cannot pick one. */
export async function freePort(): Promise<number> {
  // zabbix_agentd takes none above 32767.
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const probe = createServer().listen(port, '127.0.0.1')
    const free = await Promise.race([
      once(probe, 'listening').then(() => true),
      once(probe, 'error').then(() => false),
    ])
    probe.close()
    if (free) return port
  }
}

export interface Server {
  readonly pid: number
  stop(): Promise<void>
}

const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

/** A child process that ends with this one. */
export function owned(child: ChildProcess): ChildProcess {
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

/** Starts a server on the servers' CPU. */
export function start(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  const path = `${process.env['PATH']}:/usr/sbin:/sbin`
  const child = owned(
    spawn('taskset', ['-c', SERVER_CPU, command, ...args], {
      env: { ...process.env, PATH: path, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
  child.stdout?.resume()
  child.stderr?.resume()
  return child
}

/** The server that a child process is; it ends with it. */
export function server(child: ChildProcess): Server {
  const ended = once(child, 'exit')
  return {
    pid: child.pid as number,
    stop: async () => {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await ended
      clearTimeout(timer)
    },
  }
}

/** The latest line of a stream that matches. Rejects when the process ends before. */
export async function line(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let text = ''
  const streams = [child.stdout, child.stderr]
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      text += chunk
      const match = pattern.exec(text)
      if (match) resolve(match)
    }
    for (const stream of streams) stream?.on('data', hear)
    child.once('exit', () => reject(new Error(`It ended: ${text}`)))
  })
}

/** knoerred on a free port of 127.0.0.1, as the user who measures. */
export async function startKnoerred(
  node: string = process.execPath,
  options: readonly string[] = [],
): Promise<Server & { port: number }> {
  const env = { UID: String(process.getuid?.()), GID: String(process.getgid?.()) }
  const program = `${ROOT}dist/bin/knoerred.cjs`
  const args = [...options, program, '--listen', '127.0.0.1', '0', '127.0.0.1']
  const child = start(node, args, env)
  const [, port] = await line(child, /ready: \S+:(\d+)/)
  return { ...server(child), port: Number(port) }
}

/** floor.c on a free port. */
export async function startFloor(args: readonly string[]): Promise<Server & { port: number }> {
  const port = await freePort()
  const child = start(built('floor'), [String(port), ...args])
  await line(child, /ready/)
  return { ...server(child), port }
}

/** Resolves once a server answers. */
export async function answered(where: string, hex: string, ending = ''): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const { replies } = await load(where, hex, { outstanding: 1, seconds: 0.05, ending })
    if (replies > 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`No answer from ${where}`)
}

/** What load.c prints. Latencies in microseconds; `busy` is the share of its CPU that it took. */
export interface Load {
  readonly replies: number
  readonly lost: number
  readonly seconds: number
  readonly busy: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
}

export interface LoadOptions {
  readonly outstanding?: number
  readonly seconds?: number
  /** How an answer ends, in hex, where the server keeps the connection. */
  readonly ending?: string
}

/** Loads a server: `udp 127.0.0.1 8888`. */
export async function load(where: string, hex: string, options: LoadOptions = {}): Promise<Load> {
  const { outstanding = 32, seconds = 1, ending = '' } = options
  const args = [...where.split(' '), String(outstanding), String(seconds), hex, ending]
  const child = spawn('taskset', ['-c', LOAD_CPU, built('load'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  await once(child, 'close')
  return JSON.parse(text)
}

export const hex = (text: string): string => Buffer.from(text).toString('hex')

/** All processes of a tree, its root first. */
export function tree(pid: number): number[] {
  const parents = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)))
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      parents.set(parent, [...(parents.get(parent) ?? []), Number(name)])
    } catch {
      // It ended meanwhile.
    }
  const found = [pid]
  for (const member of found) found.push(...(parents.get(member) ?? []))
  return found
}

/** Microseconds of CPU that a tree of processes took, with its children that have ended. */
export function cpuTime(pid: number): number {
  let sum = 0
  for (const member of tree(pid))
    try {
      for (const task of readdirSync(`/proc/${member}/task`)) {
        const [ran] = readFileSync(`/proc/${member}/task/${task}/schedstat`, 'latin1').split(' ')
        sum += Number(ran) / 1000
      }
      const stat = readFileSync(`/proc/${member}/stat`, 'latin1')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      sum += (Number(fields[13]) + Number(fields[14])) * 10_000
    } catch {
      // It ended meanwhile; its parent counts it.
    }
  return sum
}

/** Resident KiB of a tree of processes. */
export function resident(pid: number): number {
  let sum = 0
  for (const member of tree(pid))
    try {
      const status = readFileSync(`/proc/${member}/status`, 'latin1')
      sum += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    } catch {
      // It ended meanwhile.
    }
  return sum
}

/** System calls of a tree of processes while `work` runs, by name (strace -c). */
export async function systemCalls<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ calls: Map<string, number>; result: T }> {
  const file = `${BUILT}/strace-${pid}.txt`
  const pids = tree(pid).flatMap((member) => ['-p', String(member)])
  const tracer = spawn('strace', ['-f', '-c', '-o', file, ...pids], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await once(tracer.stderr, 'data')
  tracer.stderr.resume()
  const ended = once(tracer, 'exit')
  const result = await work()
  tracer.kill('SIGINT')
  await ended
  const calls = new Map<string, number>()
  for (const row of readFileSync(file, 'latin1').split('\n')) {
    const columns = row.trim().split(/\s+/)
    const count = Number(columns[3])
    const name = columns.at(-1)
    if (/^[\d.]+$/.test(columns[0] ?? '') && name !== 'total' && name) calls.set(name, count)
  }
  return { calls, result }
}

/** A whole run of a program: wall milliseconds, and those of CPU, user and system. */
export function timed(
  command: string,
  args: readonly string[],
): { wall: number; cpu: number; status: number | null; output: string } {
  const begin = performance.now()
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@"', command, ...args],
    { encoding: 'utf8' },
  )
  const wall = performance.now() - begin
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return { wall, cpu: (user + system) * 1000, status, output: stdout + stderr }
}

/** A part of the results: its lines, and the ratios that `npm run bench:check` keeps an eye on. */
export interface Section {
  readonly lines: readonly string[]
  readonly ratios: Readonly<Record<string, number>>
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}
