import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import {
  type Decoded,
  decodePacket,
  encodePacket,
  type Packet,
  QUERY,
  type Version,
} from '../../src/codec/nrpe.ts'
import { draft, type NrpeTls } from '../../src/codec/nrpe-directives.ts'
import type { RunCommand } from '../../src/core/command.ts'
import { newVitals } from '../../src/core/vitals.ts'
import { allowList } from '../../src/doors/allow.ts'
import { NrpeDoor, type NrpeRules } from '../../src/doors/nrpe.ts'
import { makeSecure, type Pems } from '../../src/doors/nrpe-tls.ts'

const NONE: Pems = { ca: undefined, cert: undefined, key: undefined }

interface Opened {
  readonly door: NrpeDoor
  readonly port: number
  readonly lines: string[]
}

const echo: RunCommand = (name, args) => ({ code: 1, output: [name, ...args].join('!') })

async function open(
  t: TestContext,
  rules: Partial<NrpeRules> & { tls?: Partial<NrpeTls> } = {},
  clients: readonly string[] = ['127.0.0.1'],
  listen: readonly string[] = ['127.0.0.1'],
): Promise<Opened> {
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const room = {
    ask: () => ({ value: '0' }),
    log,
    hourly: (_: string, line: string) => log(line),
    vitals: newVitals(),
  }
  const { argumentsAllowed, substitutionAllowed, nasty, debug, tls } = draft()
  const secure = rules.tls ? makeSecure({ ...tls, ...rules.tls }, NONE, room) : undefined
  const door = new NrpeDoor({ port: 0, allow: allowList(clients), listen }, room, () => ({
    argumentsAllowed,
    substitutionAllowed,
    nasty,
    debug,
    run: echo,
    version: 'NRPE v4.1.0',
    patience: 5_000,
    farewell: 5_000,
    secure,
    ...rules,
  }))
  await door.open()
  t.after(() => door.close())
  return { door, port: Number(/:(\d+)$/.exec(door.places[0] ?? '')?.[1]), lines }
}

const query = (text: string, version: Version = 4, type = QUERY): Buffer =>
  encodePacket({ version, type, result: 0, text })

/** All that a connection brings until it closes, after `send` did what it does. */
async function exchange(port: number, send: (socket: Socket) => unknown): Promise<Buffer> {
  const socket = connect({ port, host: '127.0.0.1' })
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => undefined)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await Promise.resolve(send(socket))
  await closed
  return Buffer.concat(chunks)
}

const packetOf = (bytes: Buffer): Packet => {
  const decoded: Decoded = decodePacket(bytes)
  assert.equal(decoded.kind, 'packet', JSON.stringify(decoded))
  return (decoded as { packet: Packet }).packet
}

for (const version of [2, 3, 4] as const)
  test(`a query of version ${version} gets an answer of its version`, async (t) => {
    const { port } = await open(t)
    const answer = await exchange(port, (socket) => socket.write(query('ok', version)))
    assert.deepEqual(packetOf(answer), { version, type: 2, result: 1, text: 'ok' })
    const hello = await exchange(port, (socket) => socket.write(query('_NRPE_CHECK', version)))
    assert.deepEqual(packetOf(hello), { version, type: 2, result: 0, text: 'NRPE v4.1.0' })
  })

test('a query may come byte by byte, or torn anywhere, or with more behind it', async (t) => {
  const { port } = await open(t)
  for (const version of [2, 3, 4] as const) {
    const packet = query('ok', version)
    const answer = await exchange(port, async (socket) => {
      socket.setNoDelay(true)
      for (const byte of packet.subarray(0, 40)) {
        socket.write(Buffer.of(byte))
        await new Promise(setImmediate)
      }
      socket.write(packet.subarray(40))
    })
    assert.equal(packetOf(answer).text, 'ok')
    for (const cut of [2, 10, 12, 16]) {
      const torn = await exchange(port, async (socket) => {
        socket.setNoDelay(true)
        socket.write(packet.subarray(0, cut))
        await new Promise((resolve) => setTimeout(resolve, 5))
        socket.write(packet.subarray(cut))
      })
      assert.equal(packetOf(torn).text, 'ok')
    }
    const more = await exchange(port, (socket) =>
      socket.write(Buffer.concat([packet, Buffer.alloc(200_000, 7)])),
    )
    assert.equal(packetOf(more).text, 'ok', `version ${version} with more behind it`)
  }
})

test('a client that ends its side after the query gets its answer', async (t) => {
  const { port } = await open(t, {
    run: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return { code: 0, output: 'late' }
    },
  })
  const answer = await exchange(port, (socket) => socket.end(query('ok')))
  assert.equal(packetOf(answer).text, 'late')
})

test('what is refused is closed without a byte, and named in the log once', async (t) => {
  const { port, lines } = await open(t)
  const badChecksum = query('ok')
  badChecksum.writeUInt32BE(0, 4)
  const tooLong = query('ok')
  tooLong.writeInt32BE(76_800, 12)
  for (const [packet, reason] of [
    [badChecksum, 'wrong checksum'],
    [tooLong, 'buffer length 76800'],
    [query('ok', 4, 20), 'packet type 20'],
    [query(''), 'no command in the query'],
    [query('< >'), 'a sign of nasty_metachars in the query'],
    [query('ok!a'), 'arguments, which dont_blame_nrpe=0 forbids'],
    [Buffer.from([0, 9, 0, 1]), 'packet version 9'],
    [Buffer.from([0x16, 3, 1, 2]), 'packet version 5635'],
  ] as const) {
    assert.equal((await exchange(port, (socket) => socket.write(packet))).length, 0, reason)
    assert.equal(lines.pop(), `refused a query of 127.0.0.1: ${reason}`)
  }
  const early = await exchange(port, (socket) => socket.end(query('ok').subarray(0, 12)))
  assert.equal(early.length, 0)
  assert.equal(lines.pop(), 'refused a query of 127.0.0.1: the query ended early')
  assert.equal((await exchange(port, (socket) => socket.end())).length, 0)
  assert.deepEqual(lines, [])
})

test('a stranger is cut off before a byte is read', async (t) => {
  const { port, lines } = await open(t, {}, ['127.0.0.2'])
  assert.equal((await exchange(port, (socket) => socket.write(query('ok')))).length, 0)
  assert.deepEqual(lines, ['refused 127.0.0.1: not on the list of clients'])
})

test('who sends nothing, or half a query, is cut off in time and delays nobody', async (t) => {
  const { port, lines } = await open(t, { patience: 200 })
  const start = performance.now()
  const slow = [query('ok').subarray(0, 8), query('ok', 2).subarray(0, 1_026), Buffer.alloc(0)].map(
    (part) => exchange(port, (socket) => socket.write(part)),
  )
  const answer = await exchange(port, (socket) => socket.write(query('ok')))
  assert.equal(packetOf(answer).text, 'ok')
  assert.ok(performance.now() - start < 200)
  for (const bytes of await Promise.all(slow)) assert.equal(bytes.length, 0)
  assert.ok(performance.now() - start >= 195)
  assert.deepEqual(
    lines,
    Array(3).fill('refused a query of 127.0.0.1: no query within 0.2 seconds'),
  )
})

test('who does not take the answer, or does not close, is cut off', async (t) => {
  let asked: () => void = () => undefined
  const begun = new Promise<void>((resolve) => {
    asked = resolve
  })
  const run: RunCommand = () => {
    asked()
    return { code: 0, output: 'x'.repeat(65_000) }
  }
  const { door, port } = await open(t, { farewell: 100, run })
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  t.after(() => socket.destroy())
  socket.on('error', () => undefined).pause()
  socket.write(query('ok'))
  await begun
  const start = performance.now()
  await door.drain()
  const waited = performance.now() - start
  assert.ok(waited > 50 && waited < 5_000, `${waited} ms`)
})

test('drain() answers what was begun, and lets nobody in', async (t) => {
  let finish: () => void = () => undefined
  const { door, port } = await open(t, {
    run: () =>
      new Promise((resolve) => {
        finish = () => resolve({ code: 0, output: 'done' })
      }),
  })
  const idle = exchange(port, () => undefined)
  const begun = exchange(port, (socket) => socket.write(query('ok')))
  while (String(finish) === String(() => undefined)) await new Promise(setImmediate)
  const drained = door.drain()
  assert.equal((await idle).length, 0)
  await assert.rejects(
    new Promise((resolve, reject) =>
      connect({ port, host: '127.0.0.1' }).once('connect', resolve).once('error', reject),
    ),
    { code: 'ECONNREFUSED' },
  )
  finish()
  assert.equal(packetOf(await begun).text, 'done')
  await drained
})

test('debug names query and answer', async (t) => {
  const { port, lines } = await open(t, { debug: true })
  await exchange(port, (socket) => socket.write(query('ok')))
  assert.deepEqual(lines, ['127.0.0.1 asked ok: 1 ok'])
})

test('a flood of garbage: no crash, and an answer after it', async (t) => {
  const { port } = await open(t, { patience: 300 })
  let seed = 7
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff
    return seed % below
  }
  const garbage = (): Buffer => {
    const packet = query('ok', ([2, 3, 4] as const)[random(3)] as Version)
    for (let i = 0; i < 3; i++) packet[random(packet.length)] = random(256)
    return packet.subarray(0, random(packet.length + 1))
  }
  const before = process.memoryUsage().heapUsed
  for (let round = 0; round < 40; round++)
    await Promise.all(
      Array.from({ length: 50 }, () => exchange(port, (socket) => socket.end(garbage()))),
    )
  const answer = await exchange(port, (socket) => socket.write(query('ok')))
  assert.equal(packetOf(answer).text, 'ok')
  assert.ok(process.memoryUsage().heapUsed - before < 64 * 1024 * 1024)
})

const anonymous = (port: number, socket?: Socket): ReturnType<typeof connectTls> =>
  connectTls({
    ...(socket ? { socket } : { port, host: '127.0.0.1' }),
    ciphers: 'ADH:AECDH:@SECLEVEL=0',
    maxVersion: 'TLSv1.2',
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  })

test('TLS: anonymous without a certificate; who speaks none is cut off and named', async (t) => {
  const { port, lines } = await open(t, { tls: {} })
  const socket = anonymous(port)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk)).write(query('ok'))
  await new Promise((resolve) => socket.once('close', resolve))
  assert.equal(packetOf(Buffer.concat(chunks)).text, 'ok')
  const plain = await exchange(port, (raw) => raw.write(query('ok')))
  assert.ok(!plain.includes('ok'))
  assert.deepEqual(lines, ['no TLS with 127.0.0.1: wrong version number'])
})

test('TLS: one port of a client that comes to two addresses is two connections', async (t) => {
  const { port } = await open(t, { tls: {} }, ['127.0.0.1'], ['127.0.0.1', '127.0.0.2'])
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const own = { localAddress: '127.0.0.1', localPort: (free.address() as AddressInfo).port }
  free.close()
  await once(free, 'close')
  const early = connect({ port, host: '127.0.0.1', ...own })
  await once(early, 'connect')
  const other = connect({ port, host: '127.0.0.2', ...own })
  const chunks: Buffer[] = []
  for (const raw of [other, early]) {
    const socket = anonymous(port, raw)
    socket.on('data', (chunk) => chunks.push(chunk)).write(query('ok'))
    await new Promise((resolve) => socket.once('close', resolve))
    assert.equal(packetOf(Buffer.concat(chunks.splice(0))).text, 'ok')
  }
})

test('TLS: who shakes no hands is cut off after five seconds', async (t) => {
  const { port, lines } = await open(t, { tls: {} })
  const start = performance.now()
  const silent = exchange(port, () => undefined)
  const torn = exchange(port, (raw) => raw.write(Buffer.from('16030102000100', 'hex')))
  await Promise.all([silent, torn])
  const took = performance.now() - start
  assert.ok(took > 4_500 && took < 15_000, `${took} ms`)
  assert.deepEqual(lines, Array(2).fill('no TLS with 127.0.0.1: TLS handshake timeout'))
})

test('TLS: settings that cannot work are a sentence', () => {
  const room = { log: () => undefined, hourly: () => undefined }
  const make = (tls: Partial<NrpeTls>, pems: Partial<Pems> = {}) =>
    makeSecure({ ...draft().tls, ...tls }, { ...NONE, ...pems }, room)
  assert.throws(() => make({ anonymous: 0 }), /ssl_use_adh=0 needs ssl_cert_file/)
  assert.throws(() => make({ version: 'TLSv1.3+' }), /ssl_version=TLSv1.3\+ needs ssl_cert_file/)
  assert.throws(() => make({ clientCerts: 2 }), /ssl_client_certs needs ssl_cacert_file/)
  assert.throws(() => make({}, { cert: 'x' }), /need each other/)
  assert.throws(() => make({}, { cert: 'x', key: 'y' }), /TLS cannot be set up/)
  assert.throws(() => make({ ciphers: 'nonsense' }), /TLS cannot be set up/)
  assert.match(make({}).name, /encrypted, not authenticated/)
})
