import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import type { Ask } from '../../src/core/answer.ts'
import { newVitals } from '../../src/core/vitals.ts'
import { allowList } from '../../src/doors/allow.ts'
import { hourly } from '../../src/doors/hourly.ts'
import { UdpDoor, type UdpOptions, widen } from '../../src/doors/udp.ts'
import { ask, until } from '../helpers/daemon.ts'

const echo: Ask = ({ key, fault }) =>
  fault === undefined ? { value: key } : { kind: 'bad request', reason: fault }

/** A door on free ports of loopback addresses, closed with the test. */
async function door(t: TestContext, options: Partial<UdpOptions> = {}) {
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const vitals = newVitals()
  const opened = new UdpDoor({
    port: 0,
    addresses: () => ['127.0.0.1'],
    allow: allowList(['127.0.0.1', '::1']),
    ask: echo,
    log,
    hourly: hourly(log),
    vitals,
    maxReply: undefined,
    ...options,
  })
  await opened.open()
  t.after(() => opened.close())
  const port = Number(/:(\d+)$/.exec(opened.places[0] ?? '')?.[1])
  return { door: opened, port, lines, vitals }
}

test('UdpDoor answers one key, several keys, and what is no request', async (t) => {
  const { port, vitals } = await door(t)
  assert.equal(await ask(port, 'a\n'), 'a\n')
  assert.equal(await ask(port, 'a\nb\n'), 'a\n\na\nb\n\nb\n')
  assert.match(await ask(port, ''), /^error: bad request \(empty\)\n9223372036854775807\n$/)
  assert.match(await ask(port, 'a'), /^error: bad request \(no LF at the end\)/)
  assert.match(await ask(port, 'a'.repeat(60_000)), /^error: bad request \(over 512 bytes\)/)
  const { requests, refused, errors, unsent } = vitals
  assert.deepEqual([requests, refused, errors, unsent], [5, 0, 3, 0])
})

test('UdpDoor sends when the answer is there, and answers others meanwhile', async (t) => {
  let finish = (_: { value: string }): void => {}
  const slow = new Promise<{ value: string }>((resolve) => {
    finish = resolve
  })
  const { port } = await door(t, { ask: (q) => (q.key === 'slow' ? slow : echo(q)) })
  const late = ask(port, 'slow\n')
  assert.equal(await ask(port, 'quick\n'), 'quick\n')
  finish({ value: 'done' })
  assert.equal(await late, 'done\n')
})

test('UdpDoor replies from the address that was asked', async (t) => {
  const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3']
  const { port, door: opened } = await door(t, {
    addresses: () => addresses,
    allow: allowList(['127.0.0.0/8']),
  })
  assert.equal(opened.places.length, 3)
  // ask() connects its socket: a reply from elsewhere would never reach it.
  for (const address of addresses) assert.equal(await ask(port, 'x\n', address), 'x\n')
})

test('UdpDoor over IPv6', async (t) => {
  const { port } = await door(t, { addresses: () => ['::1'] })
  assert.equal(await ask(port, 'x\n', '::1'), 'x\n')
})

test('UdpDoor frames: 1472 bytes over IPv4, 1452 over IPv6, or as asked', async (t) => {
  const long: Ask = () => ({ value: '1', detail: 'z'.repeat(5000) })
  for (const [address, maxReply, length] of [
    ['127.0.0.1', undefined, 1472],
    ['::1', undefined, 1452],
    ['127.0.0.1', 700, 700],
  ] as const) {
    const { port } = await door(t, { addresses: () => [address], ask: long, maxReply })
    assert.equal((await ask(port, 'x\n', address)).length, length)
  }
})

test('UdpDoor is silent to strangers, counts them, and says so once', async (t) => {
  const { port, lines, vitals } = await door(t, {
    addresses: () => ['127.0.0.1', '127.0.0.2'],
    allow: allowList(['127.0.0.2']),
  })
  const stranger = createSocket('udp4')
  t.after(() => stranger.close())
  stranger.on('message', () => assert.fail('a stranger got a reply'))
  for (let i = 0; i < 3; i++) stranger.send('load1\n', port, '127.0.0.1')
  await until('three strangers counted', () => vitals.refused === 3)
  assert.equal(vitals.requests, 0)
  assert.deepEqual(lines, ['refused 127.0.0.1: not on the list of clients'])
})

test('UdpDoor counts a reply that the kernel refuses', async (t) => {
  const { port, vitals } = await door(t, {
    ask: () => ({ value: 'x'.repeat(65_530) }),
    maxReply: 65_600,
  })
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  socket.send('x\n', port, '127.0.0.1')
  await until('an unsent reply counted', () => vitals.unsent === 1)
})

test('UdpDoor says that a port is taken', async (t) => {
  const taken = createSocket('udp4')
  t.after(() => taken.close())
  taken.bind(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address()
  await assert.rejects(door(t, { port }), {
    message: `unable to bind 127.0.0.1:${port}: address already in use`,
  })
})

test('UdpDoor does not start without an address', async (t) => {
  await assert.rejects(door(t, { addresses: () => ['192.0.2.99'] }), /no local address/)
})

test('widen() asks for less where the kernel refuses what it will not grant', () => {
  const asked: number[] = []
  widen({
    setRecvBufferSize: (size) => {
      asked.push(size)
      if (size > 1_100_000) throw new Error('ENOBUFS')
    },
  })
  assert.deepEqual(asked, [4_194_304, 2_097_152, 1_048_576])
  widen({
    setRecvBufferSize: () => {
      throw new Error('EINVAL')
    },
  })
})
