import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { newVitals } from '../../src/core/vitals.ts'
import { allowList } from '../../src/doors/allow.ts'
import { TcpDoor } from '../../src/doors/tcp.ts'

/** A door that says `hello`, its lines of the log, and its port. */
async function open(clients: readonly string[], listen: readonly string[] = ['127.0.0.1']) {
  const lines: string[] = []
  const vitals = newVitals()
  const door = new TcpDoor(
    { port: 0, allow: allowList(clients), listen },
    { most: 4, mostOfOne: 3 },
    { vitals, hourly: (_, line) => lines.push(line) },
    () => createServer((socket) => socket.write('hello')),
  )
  await door.open()
  after(() => door.close())
  const port = Number(/:(\d+)$/.exec(door.places[0] ?? '')?.[1])
  return { door, lines, vitals, port }
}

/** What the door says to one who connects: `hello`, or nothing and the end. */
async function greeting(port: number, localAddress = '127.0.0.1'): Promise<[string, Socket]> {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  socket.on('error', () => undefined)
  const said = await new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(String(data))).once('close', () => resolve(''))
  })
  return [said, socket]
}

test('a stranger is cut off, counted, and named in the log', async () => {
  const { port, vitals, lines } = await open(['127.0.0.2'])
  assert.equal((await greeting(port))[0], '')
  assert.deepEqual(lines, ['refused 127.0.0.1: not on the list of clients'])
  assert.equal(vitals.refused, 1)
  assert.equal((await greeting(port, '127.0.0.2'))[0], 'hello')
})

test('connections of one source are bounded, and so are all', async () => {
  const { port, lines } = await open(['127.0.0.0/8'])
  const kept = [await greeting(port), await greeting(port), await greeting(port)]
  assert.deepEqual(
    kept.map(([said]) => said),
    ['hello', 'hello', 'hello'],
  )
  assert.equal((await greeting(port))[0], '')
  assert.equal((await greeting(port, '127.0.0.2'))[0], 'hello')
  assert.equal((await greeting(port, '127.0.0.3'))[0], '')
  assert.deepEqual(lines, [
    'refused 127.0.0.1: 3 connections of it are open',
    'refused 127.0.0.3: 4 connections are open',
  ])
  kept[0]?.[1].destroy()
  // The door hears of it some turns later.
  let said = ''
  while (said === '') [said] = await greeting(port)
  assert.equal(said, 'hello')
})

test('close() ends what is open', async () => {
  const { door, port } = await open(['127.0.0.1'])
  const [, socket] = await greeting(port)
  door.close()
  await once(socket, 'close')
})

test('open() on all addresses takes IPv4 and IPv6 on one port', async () => {
  const { door, port } = await open(['127.0.0.1'], [])
  assert.deepEqual(door.places, [`[::]:${port}`])
  assert.equal((await greeting(port))[0], 'hello')
})

test('open() rejects with a sentence', async () => {
  const { port } = await open(['127.0.0.1'])
  const second = new TcpDoor(
    { port, allow: allowList(['::1']), listen: ['127.0.0.1'] },
    { most: 1, mostOfOne: 1 },
    { vitals: newVitals(), hourly: () => undefined },
    createServer,
  )
  await assert.rejects(second.open(), {
    message: `unable to bind 127.0.0.1:${port}: address already in use`,
  })
})
