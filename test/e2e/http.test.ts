// knoerred --http and knoerrehd as programs, asked by Node's client and by curl.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { asSelf, BIN, type Daemon, startCommand, startDaemon, until } from '../helpers/daemon.ts'
import { get, HTTPD, httpPort, startHttpd } from '../helpers/http.ts'
import { makeCertificates } from '../helpers/tls.ts'
import { directory, fixtureHost, needs, output } from '../helpers/tools.ts'

/** A knoerred with both doors on a fixture host; its HTTP port. */
async function start(t: TestContext, ...more: string[]) {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  const daemon = await startDaemon([...options, '--http', '0', ...more])
  t.after(() => daemon.stop())
  return { path, daemon, port: httpPort(daemon.log()) }
}

test('the status says what the error says', async (t) => {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  rmSync(join(path, 'proc/swaps'))
  rmSync(join(path, 'proc/stat'))
  const httpd = await startHttpd(options)
  t.after(() => httpd.stop())
  for (const [key, status, error] of [
    ['/load1', 200, ''],
    ['/load1%0Alod1', 200, 'lod1 error: no such key'],
    ['/lod1', 404, 'error: no such key: lod1'],
    ['/swaps', 404, 'error: no such object: swaps (ENOENT)'],
    ['/diskusage', 400, 'error: bad argument: diskusage (ask diskusage/PATH)'],
    ['/load1%00', 400, 'error: bad request: load1? (control character in the key)'],
    ['/load1%', 400, 'error: bad request (a bad escape in the path)'],
    [`/${'x'.repeat(600)}`, 400, 'error: bad request (over 512 bytes)'],
    ['/cpuu', 503, 'error: cannot answer now: cpuu (not sampled yet)'],
  ] as const) {
    const { status: found, headers, body } = await get(httpd.port, key)
    assert.equal(found, status, key)
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8')
    assert.equal(Number(headers['content-length']), body.length)
    if (error) assert.ok(body.includes(`${error}\n`), body)
  }
})

test('a file that the daemon may not read is 403', needs('root'), async (t) => {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  chmodSync(path, 0o755)
  chmodSync(join(path, 'root/etc/motd'), 0o600)
  const [UID, GID] = [output('id', '-u', 'nobody').trim(), output('id', '-g', 'nobody').trim()]
  const args = ['--listen', '127.0.0.1', ...options, '0', '127.0.0.1']
  const httpd = await startCommand(process.execPath, [HTTPD, ...args], { ...asSelf(), UID, GID })
  t.after(() => httpd.stop())
  const { status, body } = await get(httpPort(httpd.log()), '/cat/etc/motd')
  assert.deepEqual(
    [status, body.split('\n')[0]],
    [403, 'error: not permitted: cat/etc/motd (EACCES)'],
  )
})

test('HEAD, other methods, absolute URLs, queries, /health', async (t) => {
  const { port } = await start(t)
  const whole = await get(port, '/load1')
  const head = await get(port, '/load1', { method: 'HEAD' })
  assert.deepEqual([head.status, head.body], [200, ''])
  assert.equal(head.headers['content-length'], whole.headers['content-length'])
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
    const { status, headers } = await get(port, '/load1', { method })
    assert.deepEqual([method, status, headers.allow], [method, 405, 'GET, HEAD'])
  }
  for (const path of ['http://example.com/load1', '/load1?at=now', '/%6Coad1'])
    assert.equal((await get(port, path)).body, whole.body)
  assert.match((await get(port, '/health')).body, /^up=\d+s .*\n0\n$/)
})

test('nothing that a proxy may add makes a stranger a client', async (t) => {
  const { options } = fixtureHost(t, 'linux-6.1')
  const args = ['--listen', '127.0.0.1', ...options, '0', '127.0.0.2']
  const httpd = await startCommand(process.execPath, [HTTPD, ...args])
  t.after(() => httpd.stop())
  const headers = {
    'X-Forwarded-For': '127.0.0.2',
    Forwarded: 'for=127.0.0.2',
    'X-Real-IP': '127.0.0.2',
  }
  const port = httpPort(httpd.log())
  await assert.rejects(get(port, '/load1', { headers }), { code: 'ECONNRESET' })
  await until('the log', () =>
    /refused 127\.0\.0\.1: not on the list of clients\n/.test(httpd.log()),
  )
  assert.equal((await get(port, '/load1', { localAddress: '127.0.0.2' })).status, 200)
})

test('a browser that was sent here under a name from elsewhere gets nothing to read', async (t) => {
  const { port } = await start(t)
  const as = async (host: string, agent: string): Promise<number> =>
    (await get(port, '/load1', { headers: { host, 'user-agent': agent } })).status
  for (const host of ['127.0.0.1', '[::1]:80', 'localhost', 'gway:8080', 'GWAY.example.com'])
    assert.equal(await as(host, 'Mozilla/5.0 (X11)'), 200, host)
  for (const host of [
    'evil.example.com',
    'evil.example.com:8080',
    '127.0.0.1.evil.com',
    '.',
    'localhost.evil.com',
  ])
    assert.equal(await as(host, 'Mozilla/5.0 (X11)'), 421, host)
  assert.equal(await as('anything.example.com', 'Prometheus/2.42.0'), 200)
})

test('application/json: another method, and no path, are errors apart, too', async (t) => {
  const { port } = await start(t)
  for (const [method, path, status, error] of [
    ['POST', '/load1', 405, 'bad request (GET and HEAD are the methods)'],
    ['GET', '*', 400, 'bad request (no path in the request)'],
  ] as const) {
    const found = await get(port, path, { method, headers: { accept: 'application/json' } })
    assert.equal(found.status, status)
    assert.equal(found.headers['content-type'], 'application/json')
    assert.equal(JSON.parse(found.body).error, error)
  }
})

test('application/json has value, detail, unit and error apart', async (t) => {
  const { port } = await start(t)
  const json = async (path: string): Promise<Record<string, unknown>> => {
    const { headers, body } = await get(port, path, { headers: { accept: 'application/json' } })
    assert.equal(headers['content-type'], 'application/json')
    return JSON.parse(body)
  }
  const detail = '0.21 0.37 0.39 1/719 19737'
  assert.deepEqual(await json('/load1'), {
    key: 'load1',
    value: 0.21,
    detail,
    unit: null,
    error: null,
  })
  assert.deepEqual(await json('/swaps'), {
    key: 'swaps',
    value: 17,
    detail: '64MB of 384MB',
    unit: '%',
    error: null,
  })
  const lod1 = await json('/lod1')
  assert.deepEqual(lod1, {
    key: 'lod1',
    value: null,
    detail: null,
    unit: null,
    error: 'no such key',
  })
  const { records } = (await json('/loadmulti')) as { records: { key: string }[] }
  assert.deepEqual([records[0]?.key, records.at(-1)?.key], ['cpuu', 'raid'])
  const { keys } = (await json('/')) as { keys: { key: string }[] }
  assert.ok(keys.some(({ key }) => key === 'self'))
  assert.ok(!keys.some(({ key }) => key === 'loadmulti' || key === 'diskusage'))
})

test('TERM ends knoerrehd with 0 while a client is connected; two doors on one port end with 111', async () => {
  const httpd = await startHttpd()
  const second = spawnSync(
    process.execPath,
    [HTTPD, '--listen', '127.0.0.1', String(httpd.port), '::1'],
    {
      encoding: 'utf8',
      env: asSelf(),
    },
  )
  assert.equal(second.status, 111)
  assert.match(
    second.stderr,
    /^knoerrehd: fatal: unable to bind 127\.0\.0\.1:\d+: address already in use\n$/,
  )
  const idle = connect(httpd.port, '127.0.0.1').on('error', () => undefined)
  await once(idle, 'connect')
  assert.equal(await httpd.stop(), 0)
})

for (const [program, args, sentence] of [
  [BIN, ['--http', 'x'], /--http is a number from 0 to 65535, not "x"/],
  [BIN, ['--tls-cert', '/x', '--tls-key', '/x'], /fatal: unable to read \/x: no such file/],
  [HTTPD, ['--tls-cert', '/x'], /--tls-cert and --tls-key are wanted together/],
  [HTTPD, ['--tls-ca', '/x'], /--tls-cert and --tls-key are wanted together/],
  [HTTPD, ['--http', '1'], /unknown option --http/],
] as const)
  test(`${program.replace(/.*\//, '')} ${args.join(' ')}: a sentence`, () => {
    const run = spawnSync(process.execPath, [program, ...args, '0', '127.0.0.1'], {
      encoding: 'utf8',
      env: asSelf(),
    })
    assert.ok(run.status === 100 || run.status === 111)
    assert.match(run.stderr, sentence)
  })

const logged = (daemon: Daemon, reason: string): Promise<void> =>
  until(reason, () => daemon.log().includes(`no TLS with 127.0.0.1: ${reason}\n`))

const curl = (...args: string[]): string =>
  execFileSync('curl', ['-sS', '--max-time', '20', ...args], { encoding: 'latin1', stdio: 'pipe' })

test('curl: HTTP/1.0, HTTP/1.1, HEAD, a body', needs('curl'), async (t) => {
  const { port, daemon } = await start(t)
  const url = `http://127.0.0.1:${port}`
  const reply = await daemon.ask('load1\n')
  for (const version of ['--http1.0', '--http1.1', '--http2'])
    assert.equal(curl(version, `${url}/load1`), reply)
  assert.match(curl('-I', `${url}/lod1`), /^HTTP\/1\.1 404 Not Found\r\n/)
  // curl asks whether it may continue, sends a megabyte, and gets its answer nevertheless.
  const big = join(directory(t), 'big')
  writeFileSync(big, Buffer.alloc(900_000))
  assert.equal(
    curl('-o', '/dev/null', '-w', '%{http_code}', '--data-binary', `@${big}`, `${url}/load1`),
    '405',
  )
})

test(
  'TLS by curl, and client certificates; the key is read before root is given up',
  needs('root', 'curl', 'openssl'),
  async (t) => {
    const { ca, cert, key, clientCert, clientKey } = makeCertificates(directory(t))
    chmodSync(key, 0o600)
    chownSync(key, 0, 0)
    const { path, options } = fixtureHost(t, 'linux-6.1')
    chmodSync(path, 0o755)
    const nobody = { ...asSelf(), UID: '65534', GID: '65534' }
    const begin = async (...more: string[]): Promise<[Daemon, string]> => {
      const args = [
        '--listen',
        '127.0.0.1',
        ...options,
        '--tls-cert',
        cert,
        '--tls-key',
        key,
        ...more,
      ]
      const httpd = await startCommand(process.execPath, [HTTPD, ...args, '0', '127.0.0.1'], nobody)
      t.after(() => httpd.stop())
      return [httpd, `https://localhost:${httpPort(httpd.log())}/load1`]
    }
    const [open, url] = await begin()
    assert.match(readFileSync(`/proc/${open.pid}/status`, 'utf8'), /^Uid:\t65534\t65534/m)
    const reply = '0.21 0.37 0.39 1/719 19737\n0.21\n'
    assert.equal(curl('--cacert', ca, url), reply)
    assert.throws(() => curl('--cacert', ca, url.replace('https', 'http')))
    await logged(open, 'http request')
    const [closed, strict] = await begin('--tls-ca', ca)
    assert.equal(curl('--cacert', ca, '--cert', clientCert, '--key', clientKey, strict), reply)
    assert.throws(() => curl('--cacert', ca, strict))
    await logged(closed, 'peer did not return a certificate')
  },
)
