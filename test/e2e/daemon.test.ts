// The built daemon as a user meets it: command line, exit codes, nc, strace, signals.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { askUntil, asSelf, BIN, lastLine, startCommand, startDaemon } from '../helpers/daemon.ts'
import { directory, fixtureHost, needs, output, withRates } from '../helpers/tools.ts'

const run = (...args: string[]) =>
  spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8', env: asSelf(), timeout: 20_000 })

test('--help and --version print and exit 0', () => {
  const help = run('--help')
  assert.equal(help.status, 0)
  assert.match(help.stdout, /^usage: knoerred \[options\] port client \[client \.\.\.\]\n/)
  const { version } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  const { stdout, status } = run('--version')
  assert.deepEqual([stdout, status], [`knoerred ${version}\n`, 0])
})

for (const args of [[], ['8888'], ['8888', 'localhost'], ['-d', '8888', '::1'], ['http', '::1']])
  test(`a wrong command line (${args.join(' ')}) is a usage sentence and exit 100`, () => {
    const { status, stderr, stdout } = run(...args)
    assert.deepEqual([status, stdout], [100, ''])
    assert.match(
      stderr,
      /^knoerred: usage: knoerred \[options\] port client \[client \.\.\.\]: \S.*\n$/,
    )
  })

test('a port that is taken is a fatal sentence and exit 111', async (t) => {
  const daemon = await startDaemon()
  t.after(() => daemon.stop())
  const { status, stderr } = run('--listen', '127.0.0.1', String(daemon.port), '127.0.0.1')
  assert.equal(status, 111)
  assert.equal(
    stderr,
    `knoerred: fatal: unable to bind 127.0.0.1:${daemon.port}: address already in use\n`,
  )
})

test('an unknown user is a fatal sentence and exit 111', needs('root'), () => {
  const { status, stderr } = run('--user', 'no-such-user', '0', '127.0.0.1')
  assert.equal(status, 111)
  assert.match(stderr, /^knoerred: fatal: unable to find user no-such-user in \/etc\/passwd\n$/)
})

test('a key that no check answers is named with file and line at the start, exit 111', (t) => {
  const file = join(directory(t), 'sets')
  writeFileSync(file, '# sets\nweb = load1 lod1\n')
  const { status, stderr } = run('--listen', '127.0.0.1', '--sets', file, '0', '127.0.0.1')
  assert.equal(status, 111)
  assert.equal(
    stderr,
    `knoerred: fatal: unable to read the sets of ${file}: line 2: no such key: lod1\n`,
  )
})

test('a port that is taken on the second address ends it, too', async (t) => {
  const daemon = await startDaemon()
  t.after(() => daemon.stop())
  const both = ['--listen', '127.0.0.3', '--listen', '127.0.0.1']
  const { status, stderr } = run(...both, String(daemon.port), '127.0.0.1')
  assert.equal(status, 111)
  assert.match(stderr, /unable to bind 127\.0\.0\.1:/)
})

test('an address that cannot be bound leaks nothing, and self tells of it', async (t) => {
  const daemon = await startCommand(process.execPath, [
    ...[BIN, '--listen', '127.0.0.1', '--listen', '192.0.2.99', '0', '127.0.0.1'],
  ])
  t.after(() => daemon.stop())
  const sockets = (): number => readdirSync(`/proc/${daemon.pid}/fd`).length
  const before = sockets()
  await askUntil(daemon, 'self\n', (reply) => reply.includes('not listening on 192.0.2.99'))
  assert.equal(sockets(), before)
})

test('TERM ends it with 0 while a file is being read', async (t) => {
  const path = directory(t)
  writeFileSync(join(path, 'sparse'), '')
  truncateSync(join(path, 'sparse'), 8 * 2 ** 30)
  const daemon = await startDaemon()
  const unanswered = daemon.ask(`wc-l${path}/sparse\n`).catch(() => '')
  await daemon.ask('load1\n')
  assert.equal(await daemon.stop(), 0)
  assert.equal(await unanswered, '')
})

test('a reply that is sent to a daemon as a request is answered once, not for ever', async (t) => {
  const daemon = await startDaemon()
  t.after(() => daemon.stop())
  const complaint = await daemon.ask(await daemon.ask('load1\n'))
  assert.match(complaint, /no such key/)
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  socket.on('message', () => assert.fail('an error was answered'))
  socket.send(complaint, daemon.port, '127.0.0.1')
  await askUntil(daemon, 'self\n', (reply) => Number(/requests=(\d+)/.exec(reply)?.[1]) >= 4)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`${signal} ends it with exit 0`, async () => {
    const daemon = await startDaemon()
    daemon.process.kill(signal)
    assert.equal(await daemon.stop(), 0)
  })

test('nc asks it, by the line that the daemon itself suggests', needs('nc'), async (t) => {
  const daemon = await startDaemon()
  t.after(() => daemon.stop())
  const line = /try: (.*)\n/.exec(daemon.log())?.[1] ?? ''
  assert.equal(line, `echo load1 | nc -u -w1 127.0.0.1 ${daemon.port}`)
  const reply = execFileSync('sh', ['-c', line], { encoding: 'utf8' })
  assert.match(reply, /^(\d+\.\d\d) \d+\.\d\d \d+\.\d\d \d+\/\d+ \d+\n\1\n$/)
})

/** System calls of the main thread while it answered, one a line as strace -y prints them. */
async function traced(directoryPath: string, request: string, times: number): Promise<string[]> {
  const trace = join(directoryPath, 'trace')
  const calls = ['-e', 'trace=!futex,madvise,munmap,mmap,mprotect,brk']
  const daemon = await startCommand('strace', [
    ...['-f', '-qq', '-y', '-o', trace, ...calls],
    ...[process.execPath, BIN, '--listen', '127.0.0.1', '0', '127.0.0.1'],
  ])
  // Rates are there when the daemon has warmed up.
  await askUntil(daemon, 'cpuu\n', (reply) => !reply.startsWith('error'))
  await daemon.ask(request)
  await daemon.ask('hostname/start\n')
  for (let i = 0; i < times; i++) await daemon.ask(request)
  await daemon.ask('hostname/end\n')
  const [, pid] = /^(\d+)/.exec(readFileSync(trace, 'utf8')) ?? []
  execFileSync('kill', [String(pid)])
  await daemon.stop()
  const lines = readFileSync(trace, 'utf8').split('\n')
  const from = lines.findIndex((line) => line.includes('hostname/start\\n'))
  const to = lines.findIndex((line) => line.includes('hostname/end\\n'))
  return lines.slice(from, to).map((line) => line.replace(/^\d+ +/, ''))
}

test('a load1 costs one receive, one pread and one send', needs('strace'), async (t) => {
  const times = 50
  const lines = await traced(directory(t), 'load1\n', times)
  const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length
  assert.equal(count(/^recvmsg\(.*"load1\\n"/), times)
  assert.equal(count(/^pread64\(\d+<\/proc\/loadavg>/), times)
  assert.equal(count(/^sendmsg\(.*= \d+$/), times + 1)
  // What is left: the loop's own waiting, the sampler's reads once a second, hostname/start.
  const others = lines.filter(
    (line) =>
      !/^(recvmsg|sendmsg|epoll_wait|epoll_pwait|epoll_ctl|read\(\d+<anon_inode:\[eventfd\]>)/.test(
        line,
      ) &&
      !/^(pread64|openat|read)\(.*\/proc\/(loadavg|stat|\d+\/net\/dev|sys\/kernel\/hostname)>/.test(
        line,
      ),
  )
  assert.deepEqual(
    others.filter((line) => /^(open|read|pread|stat|close|exec|clone|fork)/.test(line)),
    [],
  )
})

test('no key starts a process', needs('strace'), async (t) => {
  const path = directory(t)
  const lines = await traced(
    path,
    'loadmulti/1/x\nprocess/sh\nproccounttg\ncat/etc/hostname\ndiskusage/dev/shm\n',
    2,
  )
  assert.ok(lines.some((line) => line.startsWith('recvmsg(')))
  assert.deepEqual(
    lines.filter((line) => /^(execve|fork|vfork|clone3?)\(/.test(line)),
    [],
  )
})

test('it leaks no descriptors', async (t) => {
  const { options } = fixtureHost(t, 'linux-6.1')
  const daemon = await startDaemon(options)
  t.after(() => daemon.stop())
  const keys = ['load1', 'loadmulti/1/x', 'cat/etc/long', 'diskusage/home', 'process/nginx', 'lod1']
  const round = async (): Promise<void> => {
    for (const key of keys) await daemon.ask(`${key}\n`)
  }
  const descriptors = (): number => readdirSync(`/proc/${daemon.pid}/fd`).length
  for (let i = 0; i < 20; i++) await round()
  const before = descriptors()
  for (let i = 0; i < 100; i++) await round()
  assert.equal(descriptors(), before)
})

test('multiresults: read anew each time, whole lines, at most 966 bytes', async (t) => {
  const { options, path } = fixtureHost(t, 'linux-6.1')
  const daemon = await startDaemon(options)
  t.after(() => daemon.stop())
  await withRates(daemon, path)
  const file = join(path, 'cache/multiresults')
  const tail = async (): Promise<string> =>
    (await daemon.ask('loadmulti\n')).split('0.21 0.37 0.39 1/719 19737\n0.21\n')[1] ?? '-'
  assert.equal(await tail(), 'backup last run fine\n\n0\nraid\n\n2\n')
  writeFileSync(`${file}.new`, 'x\n7\n')
  renameSync(`${file}.new`, file)
  assert.equal(await tail(), 'x\n7\n')
  writeFileSync(file, 'a\n\n1\nb\n\n2')
  assert.equal(await tail(), 'a\n\n1\nb\n\n')
  writeFileSync(file, 'k\n\n12345\n'.repeat(200))
  assert.equal(await tail(), `${'k\n\n12345\n'.repeat(107)}k\n\n`)
  writeFileSync(file, 'short\n'.repeat(200))
  assert.equal(await tail(), 'short\n'.repeat(161))
  rmSync(file)
  assert.equal(await tail(), '')
})

test('a loadmulti that does not fit says how many records are missing', async (t) => {
  const { options, path } = fixtureHost(t, 'linux-6.1')
  writeFileSync(join(path, 'cache/multiresults'), 'k\n\n12345\n'.repeat(100))
  const daemon = await startDaemon([...options, '--max-reply', '640'])
  t.after(() => daemon.stop())
  await withRates(daemon, path)
  const reply = await daemon.ask('loadmulti\n')
  assert.ok(reply.length <= 640)
  const [, count] = /cut (\d+) records\n\n\1\nk\n\n12345\n$/.exec(reply) ?? []
  const kept = reply.match(/\n\n/g)?.length ?? 0
  assert.equal(Number(count) + kept - 1, 15 + 100)
  assert.match(reply, /load1\n\n/)
})

test(
  'started as root it becomes nobody, or whom --user or envuidgid name',
  needs('root'),
  async () => {
    const { UID: _u, GID: _g, ...bare } = asSelf()
    const ids = async (options: string[], env: NodeJS.ProcessEnv): Promise<string[]> => {
      const args = [BIN, '--listen', '127.0.0.1', ...options, '0', '127.0.0.1']
      const daemon = await startCommand(process.execPath, args, env)
      const status = readFileSync(`/proc/${daemon.pid}/status`, 'utf8')
      await daemon.stop()
      return ['Uid', 'Gid', 'Groups'].map((n) =>
        (new RegExp(`^${n}:\\s*(.*?)\\s*$`, 'm').exec(status)?.[1] ?? '').replaceAll('\t', ' '),
      )
    }
    const all = (id: number): string => `${id} ${id} ${id} ${id}`
    const nobody = [output('id', '-u', 'nobody'), output('id', '-g', 'nobody')].map(Number) as [
      number,
      number,
    ]
    assert.deepEqual(await ids([], bare), [all(nobody[0]), all(nobody[1]), String(nobody[1])])
    const daemonIds = [output('id', '-u', 'daemon'), output('id', '-g', 'daemon')].map(Number) as [
      number,
      number,
    ]
    assert.deepEqual(await ids(['--user', 'daemon'], bare), [
      all(daemonIds[0]),
      all(daemonIds[1]),
      String(daemonIds[1]),
    ])
    const given = { ...bare, UID: '12345', GID: '23456' }
    assert.deepEqual(await ids([], given), [all(12345), all(23456), '23456'])
  },
)

test('a rate is there a moment after the start', async (t) => {
  const daemon = await startDaemon()
  t.after(() => daemon.stop())
  const reply = await askUntil(daemon, 'ctxt\n', (text) => !text.startsWith('error'))
  assert.match(lastLine(reply), /^\d+$/)
})
