// Mounts whose server sleeps, and files that would block whoever opens them.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { askUntil, type Daemon, lastLine, startDaemon, until } from '../helpers/daemon.ts'
import { fuseMounts } from '../helpers/mounts.ts'
import { directory, needs } from '../helpers/tools.ts'

const FUSE = needs('root', 'bindfs', 'umount')

/** The slowest of a hundred, milliseconds, over `times` questions. */
async function p99(daemon: Daemon, key: string, times: number): Promise<number> {
  const taken: number[] = []
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    await daemon.ask(`${key}\n`)
    taken.push(performance.now() - start)
  }
  return taken.sort((a, b) => a - b)[Math.floor(times * 0.99)] ?? 0
}

/** Threads of a process that are in a system call to FUSE, by what the kernel says they wait for. */
const stuck = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`).filter((task) =>
    /fuse|request_wait/.test(readFileSync(`/proc/${pid}/task/${task}/wchan`, 'utf8')),
  ).length

const HANGS =
  /^error: cannot answer now: \S+ \((\S+ hangs since \d{4}-\d\d-\d\dT[\d:.]+Z), last (\d+) \d+s ago\)\n9223372036854775807\n$/

for (const count of [1, 4, 8])
  test(`${count} frozen mounts`, FUSE, async (t) => {
    const mounts = await fuseMounts(t, count)
    const daemon = await startDaemon()
    t.after(() => daemon.stop())
    const before = await p99(daemon, 'load1', 1_000)
    const good = new Map<string, string>()
    for (const { point } of mounts)
      good.set(point, lastLine(await daemon.ask(`diskusage${point}\n`)))
    for (const mount of mounts) mount.freeze()

    const first = await Promise.all(mounts.map(({ point }) => daemon.ask(`diskusage${point}\n`)))
    for (const [i, reply] of first.entries()) {
      const [, hangs, last] = HANGS.exec(reply) ?? []
      assert.match(hangs ?? reply, new RegExp(`^${mounts[i]?.point} hangs`))
      assert.equal(last, good.get(mounts[i]?.point ?? ''))
    }
    // At once now: a hundred questions to each in less time than the first one took.
    const start = performance.now()
    for (let i = 0; i < 100; i++)
      for (const { point } of mounts) assert.match(await daemon.ask(`diskusage${point}\n`), HANGS)
    const each = (performance.now() - start) / (100 * count)
    assert.ok(each < 100, `${each} ms each`)
    for (const { point } of mounts) {
      assert.match(await daemon.ask(`diskinodes${point}\n`), /cannot answer now/)
      assert.match(await daemon.ask(`cat${point}/file\n`), /cannot answer now/)
    }
    assert.equal(stuck(daemon.pid), count, 'one call a mount, never a second')

    const during = await p99(daemon, 'load1', 1_000)
    assert.ok(during < Math.max(5, 5 * before), `p99 ${during} ms, before ${before} ms`)
    assert.match(lastLine(await daemon.ask('diskusage/dev/shm\n')), /^\d{1,3}$/)
    assert.match(lastLine(await daemon.ask('diskusagelocal\n')), /^\d{1,3}$/)
    assert.doesNotMatch(await daemon.ask('loadmulti/1/x\n'), /error/)
    assert.match(lastLine(await daemon.ask('cat/etc/passwd\n')), /:/)
    const self = await daemon.ask('self\n')
    assert.equal(lastLine(self), String(count))
    assert.match(self, new RegExp(`hung=${count}\n`))

    for (const mount of mounts) mount.thaw()
    for (const { point } of mounts) {
      const reply = await askUntil(
        daemon,
        `diskusage${point}\n`,
        (text) => !text.startsWith('error'),
      )
      assert.equal(lastLine(reply), good.get(point))
    }
    assert.equal(lastLine(await daemon.ask('self\n')), '0')
    assert.equal(await daemon.stop(), 0)
  })

test('a symbolic link that leads into a frozen mount', FUSE, async (t) => {
  const [mount] = await fuseMounts(t, 1)
  assert.ok(mount)
  const path = directory(t)
  symlinkSync(mount.point, join(path, 'link'))
  symlinkSync(join(path, 'link/file'), join(path, 'deep'))
  const daemon = await startDaemon()
  t.after(() => daemon.stop())
  assert.equal(lastLine(await daemon.ask(`cat${path}/deep\n`)), 'two')
  mount.freeze()
  for (const key of [`diskusage${path}/link`, `cat${path}/deep`, `wc-l${path}/link/file`])
    assert.match(await daemon.ask(`${key}\n`), new RegExp(`\\(${mount.point} hangs since`))
  assert.equal(stuck(daemon.pid), 1)
  assert.match(lastLine(await daemon.ask('cat/etc/passwd\n')), /:/)
  mount.thaw()
})

test('TERM ends it although a thread is stuck, within a second', FUSE, async (t) => {
  const [mount] = await fuseMounts(t, 1)
  assert.ok(mount)
  const daemon = await startDaemon()
  mount.freeze()
  await daemon.ask(`diskusage${mount.point}\n`)
  assert.equal(stuck(daemon.pid), 1)
  const start = performance.now()
  assert.equal(await daemon.stop(), 'SIGKILL')
  assert.ok(performance.now() - start < 1_000)
})

test('a file read that hangs leaves no descriptor behind when it comes back', FUSE, async (t) => {
  const [mount] = await fuseMounts(t, 1)
  assert.ok(mount)
  const daemon = await startDaemon()
  t.after(() => daemon.stop())
  const key = `cat${mount.point}/file\n`
  await daemon.ask(key)
  await daemon.ask(key)
  const open = (): number => readdirSync(`/proc/${daemon.pid}/fd`).length
  const before = open()
  for (let i = 0; i < 3; i++) {
    mount.freeze()
    assert.match(await daemon.ask(key), /cannot answer now/)
    mount.thaw()
    await askUntil(daemon, key, (reply) => !reply.startsWith('error'))
  }
  await until('the descriptors are closed', () => open() <= before)
})

test(
  'FIFO, device, socket, directory, sparse file, kmsg: a clear answer each',
  needs('root'),
  async (t) => {
    const path = directory(t)
    mkdirSync(join(path, 'dir'))
    execFileSync('mkfifo', [join(path, 'fifo')])
    const server = createServer().listen(join(path, 'socket'))
    t.after(() => server.close())
    writeFileSync(join(path, 'sparse'), '')
    truncateSync(join(path, 'sparse'), 10 * 2 ** 30)
    const daemon = await startDaemon()
    t.after(() => daemon.stop())
    for (const [key, answer] of [
      [`cat${path}/fifo`, /^error: bad argument: .*\(a FIFO, not a regular file\)/],
      [`cat${path}/dir`, /^error: bad argument: .*\(a directory/],
      [`cat${path}/socket`, /^error: bad argument: .*\(a socket/],
      ['cat/dev/zero', /^error: bad argument: .*\(a character device/],
      [`wc-l${path}/sparse`, /^error: cannot answer now: .*\(\d+ bytes read, and no end/],
      [`cat${path}/sparse`, /^error: cannot answer now/],
      [`cmp${path}/sparse/${path}/sparse`, /^error: cannot answer now/],
      // Reading it takes kernel messages away from whoever should get them, and waits when there are none.
      ['cat/proc/kmsg', /^error: (cannot answer now|not permitted|bad argument): cat\/proc\/kmsg/],
    ] as const) {
      assert.match(await daemon.ask(`${key}\n`), answer)
      assert.match(lastLine(await daemon.ask('load1\n')), /^\d+\.\d\d$/)
    }
  },
)
