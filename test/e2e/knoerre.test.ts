// knoerre by hand, and by what starts it for each connection.
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { until } from '../helpers/daemon.ts'
import { freePort, get, KNOERRE, knoerre } from '../helpers/http.ts'
import { fixtureHost, needs } from '../helpers/tools.ts'

const LOAD = '0.21 0.37 0.39 1/719 19737\n0.21\n'
const TIME = new URL('../helpers/tick.cjs', import.meta.url).pathname

/** What knoerre says on the fixture host. */
async function run(t: TestContext, keys: readonly string[], input = '') {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  const env = { TICK_STAT: join(path, 'proc/stat') }
  return knoerre([...options, ...keys], ['--require', TIME], env, input)
}

test('a key, several keys, an error', async (t) => {
  assert.deepEqual(await run(t, ['load1']), { code: 0, stdout: LOAD, stderr: '' })
  const several = 'load1 0.21 0.37 0.39 1/719 19737\n\n0.21\nproccount\n\n719\n'
  assert.deepEqual(await run(t, ['load1', 'proccount']), { code: 0, stdout: several, stderr: '' })
  const error = 'error: no such key: lod1\n9223372036854775807\n'
  assert.deepEqual(await run(t, ['lod1']), { code: 3, stdout: error, stderr: '' })
  assert.equal((await run(t, ['load1', 'lod1'])).code, 3)
  assert.equal((await run(t, ['x'.repeat(600)])).code, 3)
})

test('a value that does not fit is an error', async (t) => {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  writeFileSync(join(path, 'root/long'), `${'x'.repeat(2_000)}\n`)
  const { code, stdout } = await knoerre([...options, 'cat/long'])
  assert.match(
    stdout,
    /^error: cannot answer now: cat\/long \(a value of \d+ bytes does not fit\)\n/,
  )
  assert.equal(code, 3)
  const request = 'GET /cat/long HTTP/1.0\r\n\r\n'
  assert.match((await knoerre(options, [], {}, request)).stdout, /^HTTP\/1\.1 503 /)
})

test('a rate takes two samples a second apart, and says so beside the reply', async (t) => {
  const stderr = 'knoerre: two samples, one second apart\n'
  assert.deepEqual(await run(t, ['cpuu']), { code: 0, stdout: 'u25s10w5\n25\n', stderr })
  const { code, stdout } = await run(t, ['loadmulti'])
  assert.equal(code, 0)
  assert.match(stdout, /^cpuu u25s10w5\n\n25\n/)
})

test('a key on the command line wins over a request', async (t) => {
  assert.equal((await run(t, ['load1'], 'GET /proccount HTTP/1.0\r\n\r\n')).stdout, LOAD)
})

for (const [input, head, body] of [
  ['GET /load1 HTTP/1.0\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 200 OK\r\n/, LOAD],
  ['GET /load1 HTTP/1.1\n', /^HTTP\/1\.1 200 OK\r\n/, LOAD],
  ['GET /load1\n', /^/, LOAD],
  ['HEAD /load1 HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 200 OK\r\n/, ''],
  ['GET /%6coad1 HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 200 OK\r\n/, LOAD],
  ['GET /health HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 200 OK\r\n/, undefined],
  ['GET / HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 200 OK\r\n/, undefined],
  ['GET /lod1 HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 404 Not Found\r\n/, undefined],
  [
    'POST /load1 HTTP/1.0\r\n\r\n',
    /^HTTP\/1\.1 405 .*\r\n(.+\r\n)*Allow: GET, HEAD\r\n/,
    undefined,
  ],
  [`GET /${'x'.repeat(499)} HTTP/1.0\r\n\r\n`, /^HTTP\/1\.1 414 URI Too Long\r\n/, undefined],
  [`GET /${'x'.repeat(498)} HTTP/1.0\r\n\r\n`, /^HTTP\/1\.1 404 Not Found\r\n/, undefined],
  ['hello\n', /^HTTP\/1\.1 400 Bad Request\r\n/, undefined],
] as const)
  test(`standard input: ${input.slice(0, 40).trim()}`, async (t) => {
    const { code, stdout } = await run(t, [], input)
    assert.equal(code, 0)
    assert.match(stdout, head)
    const found = stdout.startsWith('HTTP') ? stdout.split('\r\n\r\n').slice(1).join() : stdout
    if (body !== undefined) assert.equal(found, body)
    else assert.match(found, /\n\d+\n$/)
  })

test('who sends half a request is told so when the time is over; nothing at all is an error', async (t) => {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  // Ten seconds pass at once.
  const hurry = join(path, 'hurry.cjs')
  writeFileSync(
    hurry,
    'const later = setTimeout; global.setTimeout = (f, ms, ...a) => later(f, ms === 10_000 ? 50 : ms, ...a)',
  )
  const child = spawn(process.execPath, ['--require', hurry, KNOERRE, ...options])
  child.stdin.write('GET /load1 HTTP/1.0\r\nHos')
  const [said] = await once(child.stdout.setEncoding('latin1'), 'data')
  assert.match(said, /^HTTP\/1\.1 408 Request Timeout\r\n/)
  assert.deepEqual(await once(child, 'exit'), [0, null])
  const nothing = await run(t, [])
  assert.deepEqual([nothing.code, nothing.stderr], [3, 'knoerre: no request on standard input\n'])
})

for (const [args, code, sentence] of [
  [['--user', 'x', 'load1'], 100, /unknown option --user/],
  [['--deadline', '1', 'load1'], 100, /--deadline is a number from 10/],
  [['--sets', '/none', 'load1'], 111, /fatal: unable to read the sets of \/none: no such file/],
] as const)
  test(`knoerre ${args.join(' ')}: a sentence and ${code}`, async () => {
    const found = await knoerre(args)
    assert.deepEqual([found.code, found.stdout], [code, ''])
    assert.match(found.stderr, sentence)
  })

test('--help and --version', async () => {
  assert.match((await knoerre(['--help'])).stdout, /^usage: knoerre \[options\] \[key \.\.\.\]\n/)
  assert.match((await knoerre(['--version'])).stdout, /^knoerre \d+\.\d+\.\d+\n$/)
})

async function listening(t: TestContext, child: ChildProcess, port: number): Promise<void> {
  t.after(async () => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  })
  await until('it listens', () =>
    get(port, '/load1').then(
      () => true,
      () => false,
    ),
  )
}

/** What Node's client, curl and check_remote_by_http get. */
async function clients(port: number): Promise<void> {
  const { status, body } = await get(port, '/load1')
  assert.deepEqual([status, body], [200, LOAD])
  assert.equal((await get(port, '/lod1')).status, 404)
  const url = `http://127.0.0.1:${port}/load1`
  assert.equal(execFileSync('curl', ['-sS', url], { encoding: 'latin1' }), LOAD)
  const plugin = KNOERRE.replace('knoerre.cjs', 'check_remote_by_http.cjs')
  const args = [plugin, '-H', '127.0.0.1', '-p', String(port), '-w', '7', '-c', '30', 'load1']
  assert.equal(
    execFileSync(process.execPath, args, { encoding: 'utf8' }),
    'REMOTE OK - 0.21 | load1=0.21;7;30\n',
  )
}

test('under tcpserver -H -R -l0', needs('tcpserver', 'curl'), async (t) => {
  const { options } = fixtureHost(t, 'linux-6.1')
  const port = await freePort()
  const words = ['-H', '-R', '-l0', '127.0.0.1', String(port), process.execPath, KNOERRE]
  await listening(t, spawn('tcpserver', [...words, ...options], { stdio: 'ignore' }), port)
  await clients(port)
})

test('under socat', needs('socat', 'curl'), async (t) => {
  const { path } = fixtureHost(t, 'linux-6.1')
  const port = await freePort()
  // A word of socat's takes no colon and no comma.
  const run = join(path, 'run')
  const trees = ['proc', 'sys', 'root', 'cache'].map((tree) => `--${tree} ${path}/${tree}`)
  writeFileSync(run, `#!/bin/sh\nexec ${process.execPath} ${KNOERRE} ${trees.join(' ')}\n`, {
    mode: 0o755,
  })
  const words = [`TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork`, `EXEC:${run}`]
  await listening(t, spawn('socat', words, { stdio: 'ignore' }), port)
  await clients(port)
})
