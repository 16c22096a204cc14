// What starting a plugin costs beside starting Node alone: interleaved runs, medians, ratios.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { median, timed } from './lib/tools.ts'

const ROUNDS = 60
const DIST = new URL('../dist/bin/', import.meta.url).pathname

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
    const { wall, cpu } = timed(process.execPath, args)
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
