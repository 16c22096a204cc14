// UDP round trips of load1 while clients of the HTTP door misbehave: p50, p99 and the worst, in ms.
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { keepOpen, USES } from '../test/helpers/attackers.ts'

const SECONDS = 5
const CONNECTIONS = 1_000
const BIN = new URL('../dist/bin/knoerred.cjs', import.meta.url).pathname
const [, self = '', name, httpPort] = process.argv

/** Milliseconds of each round trip, one after the other, a thousand a second at most. */
async function trips(port: number): Promise<number[]> {
  const socket = createSocket('udp4')
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const taken: number[] = []
  const end = performance.now() + SECONDS * 1_000
  while (performance.now() < end) {
    const start = performance.now()
    const reply = once(socket, 'message')
    socket.send('load1\n')
    await reply
    taken.push(performance.now() - start)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  socket.close()
  return taken.sort((a, b) => a - b)
}

async function measure(): Promise<void> {
  const env = { ...process.env, UID: String(process.getuid?.()), GID: String(process.getgid?.()) }
  const words = ['--listen', '127.0.0.1', '--http', '0', '0', '127.0.0.0/8']
  const daemon = spawn(process.execPath, [BIN, ...words], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [line] = await once(daemon.stderr, 'data')
  const [, udp, http = ''] = /ready: \S+?:(\d+) http:\S+:(\d+)\//.exec(String(line)) ?? []
  for (const use of ['nobody else', ...Object.keys(USES)]) {
    const attacker =
      use in USES &&
      spawn(process.execPath, ['--import', 'tsx', self, use, http], { stdio: 'pipe' })
    if (attacker) await once(attacker.stdout, 'data')
    const taken = await trips(Number(udp))
    if (attacker) attacker.kill('SIGKILL')
    const at = (part: number): string =>
      (taken[Math.min(taken.length - 1, Math.floor(taken.length * part))] ?? 0).toFixed(2)
    process.stdout.write(`${use.padEnd(40)} p50 ${at(0.5)}  p99 ${at(0.99)}  worst ${at(1)}\n`)
  }
  daemon.kill('SIGTERM')
}

if (name === undefined) await measure()
else {
  const sources = ['127.0.0.2', '127.0.0.3']
  keepOpen(Number(httpPort), CONNECTIONS, sources, USES[name] ?? (() => undefined))
  setTimeout(() => process.stdout.write('at it\n'), 500)
}
