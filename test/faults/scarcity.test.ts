// What is asked for often is answered when nothing else works any more.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import {
  ask,
  askUntil,
  asSelf,
  BIN,
  type Daemon,
  lastLine,
  startCommand,
  startDaemon,
  until,
} from '../helpers/daemon.ts'
import { directory, fixtureHost, needs, withRates } from '../helpers/tools.ts'

const LOAD = /^\d+\.\d\d$/

/** The two keys that are always answered. */
async function answers({ port }: Pick<Daemon, 'port'>): Promise<void> {
  assert.match(lastLine(await ask(port, 'load1\n')), LOAD)
  const multi = await ask(port, 'loadmulti/1/x\n')
  assert.doesNotMatch(multi, /error/)
  assert.match(lastLine(multi), LOAD)
}

async function warm(t: TestContext, options: string[] = []): Promise<Daemon> {
  const daemon = await startDaemon(options)
  t.after(() => daemon.stop())
  await askUntil(daemon, 'loadmulti/1/x\n', (reply) => !reply.includes('error'))
  return daemon
}

test('no descriptor is left', needs('root', 'prlimit'), async (t) => {
  const daemon = await warm(t)
  const highest = Math.max(...readdirSync(`/proc/${daemon.pid}/fd`).map(Number))
  const limit = `${highest + 1}:${highest + 1}`
  execFileSync('prlimit', ['--pid', String(daemon.pid), `--nofile=${limit}`])
  // The numbers below the limit that are free are taken by what is asked first.
  assert.match(await daemon.ask('cat/etc/passwd\ncat/etc/group\ncat/etc/hosts\n'), /\n/)
  for (let i = 0; i < 20; i++) await answers(daemon)
  const asked = ['uptime', 'mem', 'fds', 'running', 'blocked', 'sockets', 'forks', 'udpdrops']
  for (const key of asked)
    assert.match(lastLine(await daemon.ask(`${key}\n`)), /^\d{1,9}(\.\d\d)?$/)
})

test('neither a process nor a thread can be started', needs('root', 'prlimit'), async (t) => {
  const env = { ...asSelf(), UID: '64999', GID: '64999' }
  const args = [BIN, '--listen', '127.0.0.1', '0', '127.0.0.1']
  // Root is exempt while it starts; the user that it becomes is not, and has too many threads already.
  const daemon = await startCommand('prlimit', ['--nproc=1:1', process.execPath, ...args], env)
  t.after(() => daemon.stop())
  await askUntil(daemon, 'loadmulti/1/x\n', (reply) => !reply.includes('error'))
  await answers(daemon)
  for (const key of ['diskusage/dev/shm', 'proccounttg', 'process/x', 'wc-l/etc/passwd'])
    assert.match(lastLine(await daemon.ask(`${key}\n`)), /^\d+$/)
})

/** A memory cgroup, of whichever version the machine has: its directory and the file of its limit. */
function memoryGroup(t: TestContext, name: string): { path: string; limit: string } {
  const second = existsSync('/sys/fs/cgroup/cgroup.controllers')
  const path = join('/sys/fs/cgroup', second ? '' : 'memory', name)
  if (second) writeFileSync('/sys/fs/cgroup/cgroup.subtree_control', '+memory')
  mkdirSync(path)
  t.after(() => rmdirSync(path))
  return { path, limit: join(path, second ? 'memory.max' : 'memory.limit_in_bytes') }
}

test('memory is short', needs('root'), async (t) => {
  const daemon = await startDaemon()
  const { path, limit } = memoryGroup(t, `knoerred-${daemon.pid}`)
  try {
    await askUntil(daemon, 'loadmulti/1/x\n', (reply) => !reply.includes('error'))
    writeFileSync(join(path, 'cgroup.procs'), String(daemon.pid))
    writeFileSync(limit, String(48 * 2 ** 20))
    for (let i = 0; i < 5_000; i++) await daemon.ask('load1\nprocess/x\ncat/etc/passwd\n')
    await answers(daemon)
  } finally {
    assert.equal(await daemon.stop(), 0)
  }
})

/** Lets so many strangers ask: each from an address of its own, each worth a line in the log. */
async function strangers(port: number, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const socket = createSocket('udp4')
    socket.bind(0, `127.9.${i >> 7}.${(i & 127) + 1}`)
    await once(socket, 'listening')
    socket.send('load1\n', port, '127.0.0.1')
    await new Promise<void>((resolve) => socket.close(resolve))
  }
}

/** Starts a daemon that logs to an open file, and waits for its first line there. */
async function loggingTo(t: TestContext, file: number, read: () => string): Promise<number> {
  const args = [BIN, '--listen', '127.0.0.1', '0', '127.0.0.1']
  const child = spawn(process.execPath, args, { env: asSelf(), stdio: ['ignore', 'ignore', file] })
  t.after(async () => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
  })
  let log = ''
  await until('it is ready', () => {
    log += read()
    return /ready: \S+:(\d+)/.test(log)
  })
  return Number(/ready: \S+:(\d+)/.exec(log)?.[1])
}

test('the log pipe is full because its reader stopped', needs('mkfifo'), async (t) => {
  const path = join(directory(t), 'log')
  execFileSync('mkfifo', [path])
  // Opened for both: the pipe has a reader, and nobody reads.
  const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  const buffer = Buffer.alloc(4096)
  const writing = openSync(path, constants.O_WRONLY)
  const port = await loggingTo(t, writing, () => {
    try {
      return buffer.toString('latin1', 0, readSync(pipe, buffer))
    } catch {
      return ''
    }
  })
  const full = (): boolean => {
    try {
      for (;;) writeSync(pipe, 'x')
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN'
    }
  }
  assert.ok(full())
  await strangers(port, 300)
  for (let i = 0; i < 20; i++) await answers({ port })
  closeSync(writing)
  t.after(() => closeSync(pipe))
})

test('the disk that the log is on is full', needs('root', 'mount', 'umount'), async (t) => {
  const path = mkdtempSync(join(tmpdir(), 'knoerred-full-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', path])
  const file = openSync(join(path, 'log'), 'a')
  const port = await loggingTo(t, file, () => readFileSync(join(path, 'log'), 'latin1'))
  t.after(() => {
    closeSync(file)
    execFileSync('umount', ['-l', path])
    rmSync(path, { recursive: true })
  })
  assert.throws(() => writeFileSync(join(path, 'fill'), Buffer.alloc(65_536)), { code: 'ENOSPC' })
  await strangers(port, 300)
  await answers({ port })
})

test('the clock steps by a day either way', needs('faketime'), async (t) => {
  const path = directory(t)
  chmodSync(path, 0o755)
  const offset = join(path, 'offset')
  writeFileSync(offset, '+0')
  const library = execFileSync('sh', ['-c', 'ls /usr/lib/*/faketime/libfaketime.so.1'], {
    encoding: 'utf8',
  })
  const args = [BIN, '--listen', '127.0.0.1', '0', '127.0.0.1']
  const daemon = await startCommand(process.execPath, args, {
    ...asSelf(),
    LD_PRELOAD: library.trim(),
    FAKETIME_TIMESTAMP_FILE: offset,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  })
  t.after(() => daemon.stop())
  await askUntil(daemon, 'loadmulti/1/x\n', (reply) => !reply.includes('error'))
  const away = async (): Promise<number> =>
    Number(lastLine(await daemon.ask(`timediff/${Math.floor(Date.now() / 1000)}\n`)))
  assert.ok((await away()) <= 1)
  for (const step of ['+1d', '-1d', '+0']) {
    writeFileSync(offset, step)
    const expected = step === '+0' ? 0 : 86_400
    await until(`${step} is seen`, async () => Math.abs((await away()) - expected) <= 2)
    await answers(daemon)
    assert.match(await daemon.ask('cpuu\n'), /^u\d+s\d+w\d+\n\d+\n$/)
    assert.match(await daemon.ask('wc-l/etc/passwd\n'), /\n\d+\n$/)
  }
})

test(
  'the host was suspended: CLOCK_BOOTTIME is days ahead',
  needs('root', 'unshare'),
  async (t) => {
    const options = ['--time', '--boottime', '864000', '--fork', '--kill-child=SIGTERM']
    const args = [...options, process.execPath, BIN, '--listen', '127.0.0.1', '0', '127.0.0.1']
    const daemon = await startCommand('unshare', args)
    t.after(async () => {
      // unshare(1) ignores TERM and ends with its child.
      const ended = once(daemon.process, 'exit')
      const children = readFileSync(`/proc/${daemon.pid}/task/${daemon.pid}/children`, 'utf8')
      process.kill(Number(children), 'SIGTERM')
      assert.deepEqual(await ended, [0, null])
    })
    await askUntil(daemon, 'loadmulti/1/x\n', (reply) => !reply.includes('error'))
    await answers(daemon)
  },
)

test('the process itself was stopped for longer than samples are good', async (t) => {
  const daemon = await warm(t)
  daemon.process.kill('SIGSTOP')
  // Asked while it sleeps: answered when it wakes.
  const late = daemon.ask('load1\n')
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  daemon.process.kill('SIGCONT')
  assert.match(lastLine(await late), LOAD)
  await askUntil(daemon, 'loadmulti/1/x\n', (reply) => !reply.includes('error'))
})

test('a CPU goes: its ticks leave the sums, and a new series begins', async (t) => {
  const { options, path } = fixtureHost(t, 'linux-6.1')
  const daemon = await startDaemon(options)
  t.after(() => daemon.stop())
  await withRates(daemon, path)
  const stat = join(path, 'proc/stat')
  const text = readFileSync(stat, 'latin1')
  const file = openSync(stat, 'r+')
  const halved = text.replace(/^cpu .*$/m, (line) =>
    line.replace(/\d+/g, (n) => String(Math.floor(Number(n) / 2)).padStart(n.length, '0')),
  )
  writeSync(file, halved, 0, 'latin1')
  closeSync(file)
  await askUntil(daemon, 'cpuu\n', (reply) => /^error: cannot answer now/.test(reply))
  for (const line of (await daemon.ask('cpuu\ncpus\ncpuw\ncpuI\n')).split('\n'))
    assert.doesNotMatch(line, /-\d/)
})

test(
  'ten thousand processes, of which thousands vanish while they are read',
  needs('root', 'perl', 'unshare'),
  async (t) => {
    const daemon = await warm(t)
    const script = `$0 = "many"; for (1..10000) { my $p = fork; if (!$p) { sleep 600; exit } }
    $| = 1; print "there\\n"; my $go = <STDIN>; exit`
    const many = spawn('unshare', ['-p', '-f', '--kill-child', 'perl', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    t.after(() => many.kill('SIGKILL'))
    await once(many.stdout, 'data')
    assert.match(lastLine(await daemon.ask('process/many\n')), /^(10001|9223372036854775807)$/)
    const patient = await startDaemon(['--deadline', '20000'])
    t.after(() => patient.stop())
    const [ten] = await Promise.all([
      Promise.all(
        Array.from({ length: 10 }, (_, i) => patient.ask(`process/many\ncmdline/${i}x\n`)),
      ),
      answers(patient),
    ])
    for (const reply of ten) assert.match(reply, /^process\/many .*\n\n10001\n/)
    // The first process of the namespace ends, and the kernel kills all the others meanwhile.
    const ended = once(many, 'exit')
    many.stdin.end('\n')
    let left = 10_001
    while (left > 0) {
      const reply = await patient.ask('process/many\n')
      assert.doesNotMatch(reply, /error/)
      left = Number(lastLine(reply))
    }
    await ended
    assert.match(lastLine(await patient.ask('proccounttg\n')), /^\d+$/)
    await answers(daemon)
  },
)
