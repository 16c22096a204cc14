// A million datagrams that are no requests, and a million that are: nothing breaks, nothing grows.
import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Daemon, lastLine, startDaemon } from '../helpers/daemon.ts'

const MILLION = 1_000_000
/** Datagrams that wait for their reply at once: fewer than fit the default receive buffers. */
const WINDOW = 64

const KEYS =
  `load1 load5 load15 cpuu cpuI/10 ctxt hostname/x timediff/1800000000 nettraf0 netlinksdown swaps
diskusage/ diskinodes/ proccount loadmulti/1800000000/x lod1 keys`.split(/\s+/)

/** Random bytes, and requests with bytes put in, taken out and changed; some beyond any size. */
function hostilePackets(count: number): Buffer[] {
  const request = fc.constantFrom(...KEYS, '__proto__', 'cat/../../etc/shadow', 'cachedvalue/../x')
  const mutated = fc
    .tuple(request, fc.nat(30), fc.uint8Array({ maxLength: 6 }), fc.nat(3))
    .map(([key, at, bytes, drop]) =>
      Buffer.concat([
        Buffer.from(key.slice(0, at)),
        Buffer.from(bytes),
        Buffer.from(`${key.slice(at + drop)}\n`),
      ]),
    )
  const random = fc.uint8Array({ maxLength: 700 }).map((bytes) => Buffer.from(bytes))
  const oversized = fc.integer({ min: 500, max: 9_000 }).map((n) => Buffer.alloc(n, 'load1\n'))
  const many = fc.integer({ min: 1, max: 512 }).map((n) => Buffer.alloc(n, '\n'))
  const packet = fc.oneof(
    { weight: 40, arbitrary: mutated },
    { weight: 40, arbitrary: random },
    { weight: 1, arbitrary: oversized },
    { weight: 1, arbitrary: many },
  )
  return fc.sample(packet, { numRuns: count, seed: 7 })
}

/** Sends so many, each when an earlier one has its reply; every reply is looked at. */
async function flood(daemon: Daemon, packets: readonly Buffer[], count: number): Promise<void> {
  const socket = createSocket('udp4')
  socket.connect(daemon.port, '127.0.0.1')
  await once(socket, 'connect')
  let sent = 0
  let replies = 0
  const next = (): void => {
    if (sent < count) socket.send(packets[sent++ % packets.length] as Buffer)
  }
  const done = new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (reply) => {
      if (reply.length > 1472 || reply[reply.length - 1] !== 0x0a) reject(new Error(`${reply}`))
      if (++replies === count) resolve()
      next()
    })
  })
  for (let i = 0; i < WINDOW; i++) next()
  await Promise.race([done, stalled(socket, () => replies)])
  socket.close()
}

/** Rejects when ten seconds bring no reply: loopback loses nothing, so one was not sent. */
function stalled(socket: Socket, progress: () => number): Promise<never> {
  return new Promise((_, reject) => {
    let last = -1
    const timer = setInterval(() => {
      if (progress() === last) reject(new Error(`No reply after ${last}`))
      last = progress()
    }, 10_000)
    socket.on('close', () => clearInterval(timer))
  })
}

const kilobytes = (daemon: Daemon): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))?.[1])
const descriptors = (daemon: Daemon): number => readdirSync(`/proc/${daemon.pid}/fd`).length

for (const [name, packets] of [
  ['hostile', () => hostilePackets(20_000)],
  ['well-formed', () => KEYS.map((key) => Buffer.from(`${key}\n`))],
] as const)
  test(`a million ${name} datagrams`, async (t) => {
    const daemon = await startDaemon()
    t.after(() => daemon.stop())
    const all = packets()
    await flood(daemon, all, MILLION / 2)
    const [memory, open] = [kilobytes(daemon), descriptors(daemon)]
    await flood(daemon, all, MILLION / 2)
    assert.equal(descriptors(daemon), open)
    const grown = kilobytes(daemon) - memory
    // V8's young generation grows once, by up to 16 MB; what leaks goes on.
    assert.ok(grown < 18 * 1024, `${grown} kB more than after the first half (${memory} kB)`)
    assert.ok(kilobytes(daemon) < 96 * 1024, `${kilobytes(daemon)} kB`)
    assert.match(lastLine(await daemon.ask('load1\n')), /^\d+\.\d\d$/)
    assert.doesNotMatch(daemon.log(), /fault/)
  })

const rows: [string, string | Buffer, RegExp][] = [
  ['__proto__', '__proto__\n', /^error: no such key: __proto__\n/],
  ['constructor', 'constructor\n', /^error: no such key/],
  ['NUL', 'load1\0\n', /^error: bad request: load1\? \(control character/],
  ['overlong UTF-8', Buffer.from('cat/\xc0\xaf\n', 'latin1'), /^error: bad request.*not UTF-8/],
  ['invalid UTF-8', Buffer.from('cat/\xff\xfe\n', 'latin1'), /^error: bad request.*not UTF-8/],
  ['climbing', 'cat/../../etc/shadow\n', /^error: bad argument.*without \. and \.\./],
  ['climbing by a key to come', 'cachedvalue/../x\n', /^error: (no such key|bad argument)/],
  ['512 keys', '\n'.repeat(512), /cut \d+ records\n\n\d+\n error: bad request/],
  ['a long path', `cat/${'a/'.repeat(250)}\n`, /^error: (no such object|bad argument)/],
  ['a long name', `cat/${'a'.repeat(500)}\n`, /^error: (no such object|bad argument)/],
]
for (const [name, request, expected] of rows)
  test(`a clear error: ${name}`, async (t) => {
    const daemon = await startDaemon()
    t.after(() => daemon.stop())
    assert.match(await daemon.ask(request), expected)
  })

test('the costliest packets do not stall the loop', async (t) => {
  const daemon = await startDaemon()
  t.after(() => daemon.stop())
  const packets = [
    'loadmulti\n',
    'netlinksdown\n',
    'cpuu\n',
    'process/x\n',
    'cat/etc/passwd\n',
  ].map((key) => key.repeat(Math.floor(512 / key.length)))
  for (let i = 0; i < 200; i++) for (const packet of packets) await daemon.ask(packet)
  const [, stall = 9_999] = /stall=(\d+)ms/.exec(await daemon.ask('self\n')) ?? []
  assert.ok(Number(stall) < 500, `${stall} ms`)
})
