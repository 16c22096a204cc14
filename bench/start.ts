// What starting a plugin costs beside starting Node alone: interleaved runs, medians, ratios.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

const ROUNDS = 60
const DIST = new URL('../dist/bin/', import.meta.url).pathname

/** Wall milliseconds of a run and the CPU milliseconds of it, user and system. */
function timed(args: readonly string[]): { wall: number; cpu: number } {
  const start = performance.now()
  const { stderr } = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@" >&-', process.execPath, ...args],
    {
      encoding: 'utf8',
    },
  )
  const wall = performance.now() - start
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return { wall, cpu: (user + system) * 1000 }
}

const median = (numbers: number[]): number =>
  numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? 0

const env = { ...process.env, UID: String(process.getuid?.()), GID: String(process.getgid?.()) }
const daemon = spawn(
  process.execPath,
  [`${DIST}knoerred.cjs`, '--listen', '127.0.0.1', '--http', '0', '0', '127.0.0.1'],
  {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  },
)
const [line] = await once(daemon.stderr, 'data')
const [, port = '', http = ''] = /ready: \S+?:(\d+) http:\S+:(\d+)\//.exec(String(line)) ?? []

const programs: Record<string, string[]> = {
  'node -e 0': ['-e', '0'],
  check_remote_by_udp: [`${DIST}check_remote_by_udp.cjs`, '-H', '127.0.0.1', '-p', port, 'load1'],
  check_remote_by_http: [`${DIST}check_remote_by_http.cjs`, '-H', '127.0.0.1', '-p', http, 'load1'],
  knoerre: [`${DIST}knoerre.cjs`, 'load1'],
  check_remote_by_udp_time: [`${DIST}check_remote_by_udp_time.cjs`, '-H', '127.0.0.1', '-p', port],
}
const taken = Object.fromEntries(
  Object.keys(programs).map((name) => [name, { wall: [] as number[], cpu: [] as number[] }]),
)
for (let i = 0; i < ROUNDS; i++)
  for (const [name, args] of Object.entries(programs)) {
    const { wall, cpu } = timed(args)
    taken[name]?.wall.push(wall)
    taken[name]?.cpu.push(cpu)
  }
daemon.kill('SIGTERM')
const floor = taken['node -e 0'] ?? { wall: [], cpu: [] }
const [wall, cpu] = [median(floor.wall), floor.cpu.reduce((a, b) => a + b, 0)]
for (const [name, times] of Object.entries(taken)) {
  const ratio = (median(times.wall) / wall).toFixed(2)
  const cpuRatio = (times.cpu.reduce((a, b) => a + b, 0) / cpu).toFixed(2)
  process.stdout.write(`${name.padEnd(28)} wall ${ratio}  cpu ${cpuRatio}\n`)
}
