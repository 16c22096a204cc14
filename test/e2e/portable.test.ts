// The portable source on this host: every key asked, and what it says beside our own readers and
// beside what systeminformation says itself.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { fsSize, mem } from 'systeminformation'
import { checks } from '../../src/checks/index.ts'
import {
  askUntil,
  asSelf,
  BIN,
  type Daemon,
  lastLine,
  startCommand,
  startDaemon,
  until,
} from '../helpers/daemon.ts'
import { promised } from '../helpers/portable.ts'
import { directory, fixture, needs } from '../helpers/tools.ts'

const cache = mkdtempSync(join(tmpdir(), 'knoerred-cache-'))
let linux: Daemon
let portable: Daemon
before(async () => {
  linux = await startDaemon()
  writeFileSync(join(cache, 'file'), '1\n')
  const options = ['--cache', cache, '--sets', fixture('sets').pathname]
  portable = await startDaemon(['--source', 'portable', ...options])
})
after(async () => {
  await Promise.all([linux.stop(), portable.stop()])
  rmSync(cache, { recursive: true })
})

const answered = (reply: string): boolean => !reply.includes('error: cannot answer now')

/**
 * An answer, as soon as there is one. With some 8,000 processes on Linux systeminformation starts a
 * program with more arguments than the kernel takes, and its thread ends; other tests have as many.
 */
const ask = (key: string, good = answered): Promise<string> =>
  askUntil(portable, `${key}\n`, good, 3_000)

test('the start-up line says that it starts processes', () =>
  assert.match(
    portable.log(),
    /ready: 127\.0\.0\.1:\d+; source portable: it starts processes; try: /,
  ))

/** A question for each key of the table, about things that are there. */
const EXAMPLES: Readonly<Record<string, string>> = {
  hostname: 'hostname/x',
  timediff: 'timediff/1',
  nettraf: 'nettraf/lo',
  neterrs: 'neterrs/lo',
  netlink: 'netlink/lo',
  bond: 'bond/lo',
  pressure: 'pressure/io',
  memcg: 'memcg/init.scope',
  mounted: 'mounted/proc',
  cachedvalue: 'cachedvalue/file',
  diskusage: 'diskusage/tmp',
  diskinodes: 'diskinodes/',
  process: 'process/node',
  processd: 'processd/node',
  cmdline: 'cmdline/node',
  cat: 'cat/etc/passwd',
  cmp: 'cmp/etc/passwd//etc/group',
  filetimestamp: 'filetimestamp/etc/passwd',
  'wc-l': 'wc-l/etc/passwd',
  multi: 'multi/all',
}

test('every key is answered as docs/portable.md says, or is no such object', async () => {
  const absent: string[] = []
  for (const { key, argument = '' } of checks) {
    const question = EXAMPLES[key] ?? (argument.startsWith('/') ? `${key}/x` : key)
    const reply = await ask(question, (text) =>
      /\n\n/.test(text) ? !text.includes('not sampled') : answered(text),
    )
    assert.doesNotMatch(reply, /internal error/, key)
    if (reply.startsWith('error: no such object')) absent.push(key)
    else assert.doesNotMatch(reply, /^error/, `${key}: ${reply}`)
  }
  // What depends on the machine: devices behind interfaces, and files that a host has or not.
  const some = new Set(['nettraf0', 'nettraf1', 'users', 'mailqsize', 'clocksync'])
  const names = new Set(promised('macOS'))
  assert.deepEqual(
    absent.filter((key) => !some.has(key)),
    checks.map(({ key }) => key).filter((key) => !names.has(key) && !some.has(key)),
  )
})

test('what rests on a sample says how old that is, also in records', async () => {
  assert.match(await ask('load1'), /^\d+\.\d\d \d+\.\d\d \d+\.\d\d \(\d+s old\)\n\d+\.\d\d\n$/)
  assert.match(await ask('proccounttg'), /^\(\d+s old\)\n\d+\n$/)
  assert.match(await ask('process/node'), /^\d+ .*\(\d+s old\)\n\d+\n$/)
  assert.match(await ask('multi/all'), /^load5 \S+ \S+ \S+ \(\d+s old\)\n\n/)
  assert.match(await ask('loadmulti'), /^cpuu u\d+s\d+ \(\d+s old\)\n\n\d+\n/)
  for (const key of ['hostname/x', 'diskusage/', 'wc-l/etc/passwd', 'keys'])
    assert.doesNotMatch(await ask(key), /s old\)/)
})

test('it is asked while it samples, and answers at once', async () => {
  const slowest = { milliseconds: 0 }
  for (const end = performance.now() + 6_000; performance.now() < end; ) {
    const start = performance.now()
    await ask('load1')
    slowest.milliseconds = Math.max(slowest.milliseconds, performance.now() - start)
  }
  // It is the tests' own machine that may be slow; starting a process takes longer than this.
  const stall = Number(/stall=(\d+)ms/.exec(await ask('self'))?.[1])
  assert.ok(stall < 250, `stall=${stall}ms, slowest=${slowest.milliseconds}`)
})

/** What both say of a thing that changes: asked again until they meet, as they must soon. */
async function agree(
  key: string,
  within: number,
  other: () => Promise<number> = async () => Number(lastLine(await ask(key))),
): Promise<void> {
  const seen: string[] = []
  for (let i = 0; i < 30; i++) {
    const ours = Number(lastLine(await linux.ask(`${key}\n`)))
    const theirs = await other()
    if (Math.abs(ours - theirs) <= within) return
    seen.push(`${ours}/${theirs}`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  assert.fail(`${key} never agreed: ${seen.join(' ')}`)
}

for (const key of ['load1', 'load5', 'load15'])
  test(`${key} agrees to 0.01`, () => agree(key, 0.01))
test('cpuI agrees to 10 percent points', () => agree('cpuI', 10))
test('mem agrees to 2 percent points', () => agree('mem', 2))
test('neterrs/lo agrees', () => agree('neterrs/lo', 0.01))
test('uptime agrees to a second', () => agree('uptime', 1))
test('swaps agrees to 1 percent point', () => agree('swaps', 1))
test('diskusage/ agrees with df to 1 percent point', () =>
  agree('diskusage/', 1, async () => {
    const root = (await fsSize()).find(({ mount }) => mount === '/')
    return Math.ceil(root?.use ?? Number.NaN)
  }))
test('diskusagelocal agrees to 1 percent point', () => agree('diskusagelocal', 1))
test('swap space is what systeminformation says', async () => {
  const { swaptotal } = await mem()
  const [detail] = (await linux.ask('swaps\n')).split('\n')
  assert.equal(Number(/of (\d+)MB/.exec(detail ?? '')?.[1]), Math.round(swaptotal / 2 ** 20))
})
test('proccounttg agrees to 5 processes', () => agree('proccounttg', 5))

test('process/NAME, processd/NAME and cmdline/TEXT agree', async (t) => {
  const sleepers = [1, 2, 3].map(() => spawn('sleep', ['4711.5'], { stdio: 'ignore' }))
  t.after(() => {
    for (const sleeper of sleepers) sleeper.kill('SIGKILL')
  })
  await Promise.all(sleepers.map((sleeper) => once(sleeper, 'spawn')))
  for (const key of ['cmdline/sleep 4711.5', 'process/sleep', 'processd/sleep']) {
    await until(key, async () => Number(lastLine(await ask(key))) >= 3)
    await agree(key, 0)
  }
})

test('nettraf/lo agrees to a fifth while something is sent', async (t) => {
  const socket = createSocket('udp4')
  const packet = Buffer.alloc(20_000)
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  const sending = setInterval(() => {
    for (let i = 0; i < 20; i++) socket.send(packet, port, '127.0.0.1')
  }, 50)
  t.after(() => {
    clearInterval(sending)
    socket.close()
  })
  const rate = async (daemon: Daemon) => Number(lastLine(await daemon.ask('nettraf/lo/10\n')))
  const seen: string[] = []
  await until(
    'the rates meet',
    async () => {
      const [ours, theirs] = await Promise.all([rate(linux), rate(portable)])
      seen.push(`${ours}/${theirs}`)
      return ours > 5_000_000 && Math.abs(ours - theirs) < ours / 5
    },
    1_500,
  ).catch((error) => assert.fail(`${error.message}: ${seen.join(' ')}`))
})

/** A daemon whose PATH has these scripts alone. */
async function withPath(t: TestContext, scripts: Record<string, string>): Promise<Daemon> {
  const path = join(directory(t), 'bin')
  mkdirSync(path)
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(path, name), 0o755)
  }
  return startCommand(
    process.execPath,
    [BIN, '--listen', '127.0.0.1', '--source', 'portable', '0', '127.0.0.1'],
    { ...asSelf(), PATH: path },
  )
}

test('what cannot be read is an error and never 0, and self names it', async (t) => {
  const daemon = await withPath(t, {})
  t.after(() => daemon.stop())
  await askUntil(daemon, 'load1\n', answered)
  const self = await askUntil(daemon, 'self\n', (reply) => Number(lastLine(reply)) === 2)
  assert.match(self, /\nsysteminformation could not list the processes\n/)
  assert.match(self, /\nsysteminformation could not list the file systems\n/)
  const refused = /^error: cannot answer now: \S+ \(systeminformation could not list the \w+/
  for (const key of ['process/sh', 'proccounttg', 'diskusagelocal'])
    assert.match(await daemon.ask(`${key}\n`), refused)
  assert.match(await daemon.ask('nettraf/lo\n'), /^error: cannot answer now/)
})

test('a df that hangs costs no more than the list of disks, and TERM ends it', async (t) => {
  const [, path = ''] = /^PATH=(.*)$/m.exec(spawnSync('env', { encoding: 'utf8' }).stdout) ?? []
  const daemon = await withPath(t, {
    df: 'exec /bin/sleep 3',
    cat: `PATH=${path} exec cat "$@"`,
    ps: `PATH=${path} exec ps "$@"`,
  })
  await askUntil(daemon, 'process/node\n', answered)
  await askUntil(daemon, 'nettraf/lo\n', answered)
  assert.match(await daemon.ask('diskusagelocal\n'), /^error: cannot answer now: .*not sampled yet/)
  assert.match(await daemon.ask('diskusage/\n'), /GB free\n\d+\n$/)
  assert.equal(await daemon.stop(), 0)
})

test('a program that hangs the whole thread hangs no answer, and TERM ends it', async (t) => {
  // systeminformation waits for this one without turning its loop.
  const mark = join(directory(t), 'began')
  const daemon = await withPath(t, { cat: `: > ${mark}; exec /bin/sleep 3` })
  await until('cat runs', () => spawnSync('test', ['-e', mark]).status === 0)
  assert.match(await daemon.ask('timediff/1\n'), /^\d+\n\d+\n$/)
  assert.match(await daemon.ask('diskusage/\n'), /GB free\n\d+\n$/)
  const start = performance.now()
  const code = await daemon.stop()
  assert.ok(code === 0 || code === 'SIGKILL', String(code))
  assert.ok(performance.now() - start < 2_500)
})

test('a thread that ends is an error of all that it sampled, and TERM ends the daemon', async (t) => {
  const path = directory(t)
  const copied = ['dist', 'package.json', 'node_modules/mri']
  for (const part of copied)
    cpSync(new URL(`../../${part}`, import.meta.url), join(path, part), { recursive: true })
  const args = ['--listen', '127.0.0.1', '--source', 'portable', '0', '127.0.0.1']
  const daemon = await startCommand(process.execPath, [
    ...[join(path, 'dist/bin/knoerred.cjs'), ...args],
  ])
  const self = await askUntil(daemon, 'self\n', (reply) => lastLine(reply) === '1')
  assert.match(self, /\nsampling ended: Cannot find package 'systeminformation'/)
  assert.match(await daemon.ask('mem\n'), /^error: cannot answer now: mem \(sampling ended: /)
  assert.match(await daemon.ask('timediff/1\n'), /^\d+\n\d+\n$/)
  assert.equal(await daemon.stop(), 0)
})

test('where the platform is not Linux the source is portable, and nobody is dropped to', async () => {
  const windows = new URL('../helpers/windows.cjs', import.meta.url).pathname
  const daemon = await startDaemon(['--user', 'Administrator'], ['--require', windows])
  assert.match(daemon.log(), /; source portable: it starts processes; /)
  assert.match(await daemon.ask('load1\n'), /^error: (no such object|cannot answer now): load1/)
  await askUntil(daemon, 'mem\n', answered)
  assert.match(await daemon.ask('timediff/1\n'), /^\d+\n\d+\n$/)
  assert.match(await daemon.ask('self\n'), / drops=\? /)
  assert.equal(await daemon.stop(), 0)
})

test('the Linux source opens nothing of it', needs('strace'), async (t) => {
  const trace = join(directory(t), 'trace')
  const daemon = await startCommand('strace', [
    ...['-f', '-qq', '-e', 'trace=openat,execve,clone,clone3', '-o', trace],
    ...[process.execPath, BIN, '--listen', '127.0.0.1', '0', '127.0.0.1'],
  ])
  const [, pid] = /^(\d+)/.exec(readFileSync(trace, 'utf8')) ?? []
  process.kill(Number(pid))
  await daemon.stop()
  const lines = readFileSync(trace, 'utf8').split('\n')
  assert.ok(lines.some((line) => line.includes('/bin/knoerred.cjs')))
  assert.deepEqual(
    lines.filter((line) => /systeminformation|portable-worker/.test(line)),
    [],
  )
})
