// check_remote_by_http as Nagios starts it: against servers of all manners. What it says of a reply is
// tested with check_remote_by_udp, whose code it shares.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { shownDetail } from '../../src/clients/remote.ts'
import { httpPort, startHttpd } from '../helpers/http.ts'
import { plugin } from '../helpers/plugin.ts'
import { makeCertificates } from '../helpers/tls.ts'
import { directory, fixtureHost, needs } from '../helpers/tools.ts'

const http = (...args: string[]): Promise<[number, string]> => plugin('http', ...args)

/** A TCP server that says one thing to whoever asks; resolves to its port. */
async function server(t: TestContext, reply: string | ((socket: Socket) => void)) {
  const asked: string[] = []
  const open = new Set<Socket>()
  const listener = createServer((socket) => {
    open.add(socket.on('error', () => undefined))
    socket.setEncoding('latin1').once('data', (request) => {
      asked.push(String(request))
      if (typeof reply === 'string') socket.end(reply, 'latin1')
      else reply(socket)
    })
  })
  t.after(() => {
    listener.close()
    for (const socket of open) socket.destroy()
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return { port: String((listener.address() as { port: number }).port), asked }
}

for (const [name, reply, args, code, text] of [
  [
    'as knoerrehd',
    'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n3.68 1\n3.68\n',
    '-w 7 -c 30 load1',
    0,
    'REMOTE OK - 3.68 | load1=3.68;7;30',
  ],
  [
    'line feeds alone',
    'HTTP/1.0 200 OK\nServer: x\n\n8.1 1\n8.1\n',
    '-w 7 -c 30 load1',
    1,
    'REMOTE WARNING - 8.1 8.1 1 | load1=8.1;7;30',
  ],
  ['no head at all', '3.68 1\n3.68\n', '-A0 load1', 0, 'REMOTE OK - 3.68 3.68 1 | load1=3.68'],
  ['-D, without effect', 'HTTP/1.0 200 OK\r\n\r\n5\n', '-D -u % x', 0, 'REMOTE OK - 5% | x=5%'],
  [
    'low thresholds',
    'HTTP/1.0 200 OK\r\n\r\n4\n',
    '-W 10 -C 5 x',
    2,
    'REMOTE CRITICAL - 4 | x=4;10:;5:',
  ],
  [
    '-L',
    'HTTP/1.0 200 OK\r\n\r\na<b\n9\n',
    '-L -w1 -c2 x',
    2,
    'REMOTE CRITICAL - 9 <a href="http://127.0.0.1:PORT/x">a&#60;b</a> | x=9;1;2',
  ],
  [
    'an error of knoerred',
    'HTTP/1.1 404 Not Found\r\n\r\nerror: no such key: x\n9223372036854775807\n',
    'x',
    3,
    'REMOTE UNKNOWN - error: no such key: x',
  ],
  [
    'an error of another server',
    'HTTP/1.1 404 Not Found\r\n\r\n<html>\n42\n',
    'x',
    3,
    'REMOTE UNKNOWN - HTTP 404 Not Found',
  ],
  [
    'what another server would have Nagios read',
    'HTTP/1.1 500 \x1b[2J|load1=0\r\n\r\n',
    'x',
    3,
    'REMOTE UNKNOWN - HTTP 500 ?[2J!load1=0',
  ],
  [
    '-L and a key with a bar',
    'HTTP/1.0 200 OK\r\n\r\npid 1\n9\n',
    '-L -w1 -c2 cmdline/a|b#',
    2,
    'REMOTE CRITICAL - 9 <a href="http://127.0.0.1:PORT/cmdline/a%7Cb%23">pid 1</a> | \'cmdline/a!b#\'=9;1;2',
  ],
  [
    'a redirection',
    'HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n1\n',
    'x',
    3,
    'REMOTE UNKNOWN - HTTP 301 Moved',
  ],
  [
    'half a reply',
    'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n3.68\n',
    'x',
    3,
    'REMOTE UNKNOWN - the reply ends too early',
  ],
  [
    'half a head',
    'HTTP/1.1 200 OK\r\nContent-Le',
    'x',
    3,
    'REMOTE UNKNOWN - the reply ends too early',
  ],
  [
    'nothing',
    '',
    'x',
    3,
    'REMOTE UNKNOWN - the connection was closed without a reply: this host may not be on its list of clients',
  ],
  ['too much', 'x'.repeat(1_100_000), 'x', 3, 'REMOTE UNKNOWN - a reply over 1048576 bytes'],
  [
    'two keys',
    'HTTP/1.0 200 OK\r\n\r\na\n\n1\nb\n\n2\n',
    'a b',
    0,
    'REMOTE OK - a 1, b 2 | a=1 b=2',
  ],
] as const)
  test(`check_remote_by_http: ${name}`, async (t) => {
    const { port } = await server(t, reply)
    const [status, line] = await http('-H', '127.0.0.1', '-p', port, ...args.split(' '))
    assert.deepEqual([status, line.replace(/:\d+\//, ':PORT/')], [code, `${text}\n`])
  })

test('check_remote_by_http: the request is one of HTTP/1.0, the key escaped', async (t) => {
  const { port, asked } = await server(t, 'HTTP/1.0 200 OK\r\n\r\na\n\n1\nb\n\n2\n')
  await http('-H', '127.0.0.1', '-p', port, 'cmdline/a b?', 'load1')
  assert.deepEqual(asked, [
    `GET /cmdline/a%20b%3F%0Aload1 HTTP/1.0\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
  ])
})

for (const [state, code] of [
  ['', 3],
  ['-TO', 0],
  ['-TW', 1],
  ['-TC', 2],
] as const)
  test(`check_remote_by_http: silence ${state}`, async (t) => {
    const { port } = await server(t, () => undefined)
    const args = ['-H', '127.0.0.1', '-p', port, '-t', '0.3', ...(state ? [state] : []), 'load1']
    const [status, line] = await http(...args)
    assert.equal(status, code)
    assert.match(
      line,
      /^REMOTE \w+ - no answer from 127\.0\.0\.1 within 0\.3 seconds, asked once\n$/,
    )
  })

test('check_remote_by_http: a dead port, a reset, a drip without end', async (t) => {
  const { port } = await server(t, (socket) => void socket.resetAndDestroy())
  const at = ['-H', '127.0.0.1', '-p', port]
  assert.match((await http(...at, 'x'))[1], /closed without a reply/)
  const drip = await server(t, (socket) => {
    const timer = setInterval(() => socket.write('x'), 10)
    socket.on('close', () => clearInterval(timer))
  })
  const [status, line] = await http('-H', '127.0.0.1', '-p', drip.port, '-t', '0.3', 'x')
  assert.equal(status, 3)
  assert.match(line, /no answer/)
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const dead = String((free.address() as { port: number }).port)
  free.close()
  await once(free, 'close')
  assert.deepEqual(await http('-H', '127.0.0.1', '-p', dead, '-TC', 'x'), [
    3,
    `REMOTE UNKNOWN - connection refused: nothing listens on TCP port ${dead} of 127.0.0.1\n`,
  ])
})

for (const [args, sentence] of [
  ['-p 1 x', /-H HOST is wanted/],
  ['-H ::1 -p 1', /a key is wanted/],
  ['-H ::1 -p 1 --tls-ca /x x', /want -S/],
  ['-H ::1 -p 1 -S --tls-cert /x x', /--tls-cert and --tls-key are wanted together/],
  ['-H ::1 -p 1 -S --tls-ca /none x', /unable to read \/none: no such file/],
  ['-h', /^usage: check_remote_by_http /],
  ['-V', /^check_remote_by_http \d+\.\d+\.\d+\n$/],
] as const)
  test(`check_remote_by_http ${args}: a sentence, UNKNOWN`, async () => {
    const [status, line] = await http(...args.split(' '))
    assert.equal(status, 3)
    assert.match(line, sentence)
  })

test('check_remote_by_http -S: TLS, and a certificate shown', needs('openssl'), async (t) => {
  const { ca, cert, key, clientCert, clientKey } = makeCertificates(directory(t))
  const { options } = fixtureHost(t, 'linux-6.1')
  const files = ['--tls-cert', cert, '--tls-key', key]
  const httpd = await startHttpd([...options, ...files, '--tls-ca', ca])
  t.after(() => httpd.stop())
  const ask = (host: string, ...more: string[]): Promise<[number, string]> =>
    http('-S', '--tls-ca', ca, '-H', host, '-p', String(httpd.port), ...more, 'load1')
  const shown = ['--tls-cert', clientCert, '--tls-key', clientKey]
  for (const host of ['127.0.0.1', 'localhost'])
    assert.deepEqual(await ask(host, ...shown), [0, 'REMOTE OK - 0.21 | load1=0.21\n'])
  assert.equal((await ask('127.0.0.1'))[0], 3)
  const other = join(directory(t), 'other.pem')
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=other',
      '-keyout',
      '/dev/null',
      '-out',
      other,
    ],
    { stdio: 'ignore' },
  )
  const args = [
    '-S',
    '--tls-ca',
    other,
    '-H',
    'localhost',
    '-p',
    String(httpd.port),
    ...shown,
    'load1',
  ]
  assert.match((await http(...args))[1], /^REMOTE UNKNOWN - .*certificate/)
})

test('check_remote_by_http: what -L links to is there', async (t) => {
  const { options } = fixtureHost(t, 'linux-6.1')
  const httpd = await startHttpd(options)
  t.after(() => httpd.stop())
  const port = httpPort(httpd.log())
  const [, line] = await http('-L', '-A0', '-H', '127.0.0.1', '-p', String(port), 'load1')
  const [, url = ''] = /href="([^"]+)"/.exec(line) ?? []
  assert.equal(await (await fetch(url)).text(), '0.21 0.37 0.39 1/719 19737\n0.21\n')
})

test('check_remote_by_http: what -L links to on an IPv6 address', () => {
  const part = { key: 'load1', state: 1, text: '8', data: '', detail: '8 1' } as const
  const question = {
    host: '::1',
    port: 8080,
    limits: {},
    deadline: 1,
    timeoutState: 3,
    unit: '',
  } as const
  assert.equal(shownDetail(part, 1, true, question), ' <a href="http://[::1]:8080/load1">8 1</a>')
})
