// The door by raw sockets: what clients send that no client library would.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { after, test } from 'node:test'
import type { HttpRequest } from '../../src/codec/http.ts'
import { newVitals } from '../../src/core/vitals.ts'
import { allowList } from '../../src/doors/allow.ts'
import { readHead } from '../../src/doors/head.ts'
import { HttpDoor, type TlsFiles } from '../../src/doors/http.ts'
import { makeCertificates } from '../helpers/tls.ts'
import { directory, needs } from '../helpers/tools.ts'

/** A door that repeats the target, and what it was asked. */
async function open(
  patience = 10_000,
  answer?: (request: HttpRequest) => Promise<string>,
  tls?: TlsFiles,
) {
  const asked: HttpRequest[] = []
  const lines: string[] = []
  const vitals = newVitals()
  const door = new HttpDoor(
    { port: 0, allow: allowList(['127.0.0.0/8']), listen: ['127.0.0.1'], patience, tls },
    { vitals, hourly: (_, line) => lines.push(line) },
    async (request) => {
      asked.push(request)
      const body = answer ? await answer(request) : `${request.target}\n`
      return { status: 200, type: 'text/plain', body }
    },
  )
  await door.open()
  after(() => door.close())
  const port = Number(/:(\d+)\/$/.exec(door.places[0] ?? '')?.[1])
  return { port, asked, lines, vitals, door }
}

/** All that the door says until it closes, to one who sends these pieces. */
async function said(port: number, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  const socket = await opened(port)
  for (const piece of pieces) {
    socket.write(piece)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return read(socket)
}

async function opened(port: number, allowHalfOpen = false): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

async function read(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
  })
  // Not `once`, which would throw where a connection is reset.
  await new Promise((resolve) => socket.on('close', resolve))
  return text
}

const status = (text: string): string => text.split('\r\n', 1)[0] ?? ''

test('the first of pipelined requests is answered, and the connection closed', async () => {
  const { port, asked } = await open()
  const text = await said(port, 'GET /a HTTP/1.1\r\n\r\n'.repeat(2_000))
  assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1)
  assert.match(text, /^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)*Connection: close\r\n(?:.+\r\n)*\r\n\/a\n$/)
  assert.equal(asked.length, 1)
})

test('a request in pieces, and one whose client ends his half at once', async () => {
  const { port } = await open()
  const pieces = [...'GET /a HTTP/1.1\r\nHost: x\r\n\r\n']
  assert.match(await said(port, ...pieces), /\n\r\n\/a\n$/)
  const socket = await opened(port)
  socket.end('GET /b HTTP/1.1\r\n\r\n')
  assert.match(await read(socket), /\n\r\n\/b\n$/)
})

test('a body is never read, and does not cost the reply', async () => {
  const { port, asked } = await open()
  const chunked = 'GET /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nGET /\r\n0\r\n\r\n'
  assert.match(await said(port, chunked), /\n\r\n\/a\n$/)
  const length = `GET /b HTTP/1.1\r\nContent-Length: 300000\r\n\r\n`
  assert.match(await said(port, length, Buffer.alloc(300_000)), /\n\r\n\/b\n$/)
  assert.deepEqual(
    asked.map(({ target }) => target),
    ['/a', '/b'],
  )
})

test('a body without end is cut off', async () => {
  const { port } = await open()
  const socket = await opened(port, true)
  socket.write('GET /a HTTP/1.1\r\n\r\n')
  const more = (error?: Error | null): unknown => error ?? socket.write(Buffer.alloc(65_536), more)
  more()
  assert.match(await read(socket), /\n\r\n\/a\n$/)
})

for (const [name, bytes, expected] of [
  ['an overlong line', `GET /${'x'.repeat(4_000)} HTTP/1.1\r\n\r\n`, 'HTTP/1.1 414 URI Too Long'],
  [
    'an overlong head',
    `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(2_000)}\r\n`,
    'HTTP/1.1 431 Request Header Fields Too Large',
  ],
  ['no HTTP', 'load1\n', 'HTTP/1.1 400 Bad Request'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'HTTP/1.1 505 HTTP Version Not Supported'],
] as const)
  test(`${name}: ${expected.slice(9)}, in the words of the wire`, async () => {
    const { port, vitals } = await open()
    const text = await said(port, bytes)
    assert.equal(status(text), expected)
    assert.match(text, /\r\n\r\nerror: bad request \(.+\)\n9223372036854775807\n$/)
    assert.deepEqual([vitals.requests, vitals.errors], [1, 1])
  })

test('who sends nothing, or a head that does not end, is told so and cut off', async () => {
  const { port } = await open(200)
  assert.equal(status(await said(port)), 'HTTP/1.1 408 Request Timeout')
  assert.equal(status(await said(port, 'GET / HTTP/1.1\r\nA')), 'HTTP/1.1 408 Request Timeout')
  const drip = await opened(port)
  drip.write('GET / HTTP/1.1\r\n')
  const timer = setInterval(() => drip.write('a: b\r\n'), 20)
  assert.equal(status(await read(drip)), 'HTTP/1.1 408 Request Timeout')
  clearInterval(timer)
})

test('who does not read the reply is cut off', async () => {
  const { port } = await open(200, async () => 'x'.repeat(64_000_000))
  const socket = await opened(port)
  socket.write('GET / HTTP/1.1\r\n\r\n')
  // The door has what it could not send; when it gives up, the client's next packet is refused.
  while (!socket.closed) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    socket.write('x')
  }
  assert.ok(socket.bytesRead < 64_000_000)
})

test('who connects and leaves is no request', async () => {
  const { port, vitals } = await open()
  const socket = await opened(port)
  socket.end()
  assert.equal(await read(socket), '')
  assert.equal(vitals.requests, 0)
})

test('who leaves before the reply is there does no harm', async () => {
  let release = (): void => undefined
  const gate = new Promise<string>((resolve) => {
    release = () => resolve('late\n')
  })
  const { port, asked } = await open(10_000, ({ target }) =>
    target === '/slow' ? gate : Promise.resolve('now\n'),
  )
  const socket = await opened(port)
  socket.write('GET /slow HTTP/1.1\r\n\r\n')
  while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  socket.resetAndDestroy()
  release()
  assert.match(await said(port, 'GET / HTTP/1.1\r\n\r\n'), /now\n$/)
})

test('a fault of ours is 503 and a line in the log', async () => {
  const { port, lines } = await open(10_000, () => Promise.reject(new Error('of ours')))
  const text = await said(port, 'GET /a HTTP/1.1\r\n\r\n')
  assert.equal(status(text), 'HTTP/1.1 503 Service Unavailable')
  assert.match(text, /\r\n\r\nerror: cannot answer now \(internal error\)\n\d+\n$/)
  assert.match(lines[0] ?? '', /^fault in \/a: Error: of ours/)
})

test('a stream that fails, as standard input does where a client resets, is no head', async () => {
  const [early, late] = [new PassThrough(), new PassThrough()]
  const head = readHead(early, 512, 10_000)
  early.write('GET /load1 HT')
  early.destroy(new Error('read ECONNRESET'))
  assert.equal(await head, undefined)
  late.write('GET /a HTTP/1.0\r\n\r\n')
  assert.ok(await readHead(late, 512, 10_000))
  late.destroy(new Error('read ECONNRESET'))
  await new Promise((resolve) => late.on('close', resolve))
})

test('a TLS handshake that does not end is cut off', needs('openssl'), async (t) => {
  const { cert, key } = makeCertificates(directory(t))
  const tls = { cert: readFileSync(cert), key: readFileSync(key) }
  const { port, lines } = await open(200, undefined, tls)
  assert.equal(await said(port), '')
  assert.match(lines[0] ?? '', /^no TLS with 127\.0\.0\.1: TLS handshake timeout/)
  assert.equal(await said(port, 'GET / HTTP/1.1\r\n\r\n'), '')
})

test('TLS files that are none are refused with a sentence', () => {
  const tls = { cert: Buffer.from('x'), key: Buffer.from('y') }
  const make = (): unknown =>
    new HttpDoor(
      { port: 0, allow: () => true, listen: [], tls },
      { vitals: newVitals(), hourly: () => undefined },
      () => Promise.reject(new Error('never')),
    )
  assert.throws(make, /unable to use the certificate and key: .*PEM/)
})

test('an authority that is no certificate is refused, not everybody', needs('openssl'), (t) => {
  const { cert, key } = makeCertificates(directory(t))
  const tls = { cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(key) }
  const make = (): unknown =>
    new HttpDoor(
      { port: 0, allow: () => true, listen: [], tls },
      { vitals: newVitals(), hourly: () => undefined },
      () => Promise.reject(new Error('never')),
    )
  assert.throws(make, /unable to use the certificate/)
})
