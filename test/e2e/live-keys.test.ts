// Keys of this host beside what independent programs print at the same moment.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { type Daemon, lastLine, startDaemon } from '../helpers/daemon.ts'
import { agree, askValue } from '../helpers/live.ts'
import { fixtureHost, needs, output } from '../helpers/tools.ts'

let daemon: Daemon
before(async () => {
  daemon = await startDaemon()
})
after(() => daemon.stop())

/** The first number that follows a text in a program's output. */
const numberAfter = (text: string, program: string, ...args: string[]): number =>
  Number(new RegExp(`${text}\\s*(\\d+)`).exec(output(program, ...args))?.[1])

test('uptime as uptime -s says since when', needs('uptime'), () =>
  agree(
    daemon,
    'uptime',
    () => (Date.now() - Date.parse(output('uptime', '-s').trim().replace(' ', 'T'))) / 1000,
    2,
  ),
)

test('mem as free prints total and available', needs('free'), () =>
  agree(
    daemon,
    'mem',
    () => {
      const line = /^Mem:.*$/m.exec(output('free', '-b'))?.[0] ?? ''
      const [, total = 0, , , , , available = 0] = line.split(/\s+/).map(Number)
      return ((total - available) * 100) / total
    },
    1,
  ),
)

test('users as who counts the records of a utmp', needs('who'), async (t) => {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  const other = await startDaemon(options)
  t.after(() => other.stop())
  const lines = output('who', `${path}/root/run/utmp`).trim().split('\n')
  assert.equal(await askValue(other, 'users'), String(lines.length))
})

test('running and blocked as vmstat prints them', needs('vmstat'), async () => {
  const column = (index: number) => () =>
    Number(output('vmstat').trim().split('\n').at(-1)?.trim().split(/\s+/)[index])
  await agree(daemon, 'running', column(0), 2)
  await agree(daemon, 'blocked', column(1), 1)
})

test('forks as vmstat -f counts them', needs('vmstat', 'true'), async () => {
  const forks = (): number => numberAfter('', 'vmstat', '-f')
  const [start, before] = [performance.now(), forks()]
  while (performance.now() - start < 4_000) spawnSync('true')
  const rate = (forks() - before) / ((performance.now() - start) / 1000)
  const ours = Number(await askValue(daemon, 'forks/3'))
  assert.ok(Math.abs(ours - rate) < rate / 3, `${ours} ${rate}`)
})

test('sockets, sockets/tcp and sockets/timewait as ss -s sums them up', needs('ss'), async () => {
  // ss and the pipes to it have sockets of their own.
  await agree(daemon, 'sockets', () => numberAfter('Total:', 'ss', '-s'), 8)
  await agree(daemon, 'sockets/tcp', () => numberAfter('\nTCP', 'ss', '-s'))
  await agree(daemon, 'sockets/timewait', () => numberAfter('timewait', 'ss', '-s'))
})

test('mounted/PATH as findmnt lists every mount', needs('findmnt'), async () => {
  const lines = output('findmnt', '-rnvu', '-o', 'TARGET,FSTYPE,VFS-OPTIONS').trim().split('\n')
  const mounts = new Map(lines.map((line) => [line.split(' ')[0] ?? '', line]))
  for (const [point, line] of mounts) {
    const [, type, options] = line.split(' ')
    if (type === 'autofs' || point.includes('\\')) continue
    assert.equal(await daemon.ask(`mounted${point}\n`), `${type} ${options}\n0\n`)
  }
  assert.ok(mounts.size > 0)
  assert.equal(await askValue(daemon, 'mounted/etc'), '1')
})

test('netlink/IFACE as ip link shows what is up', needs('ip'), async () => {
  const links = output('ip', '-o', 'link', 'show', 'up').trim().split('\n')
  assert.ok(links.length > 0)
  for (const link of links) {
    const [, name = '', flags = ''] = /^\d+: ([^:@]+)\S* <(.*?)>/.exec(link) ?? []
    const up = /\bLOWER_UP\b/.test(flags) ? '0' : '1'
    assert.equal(await askValue(daemon, `netlink/${name}`), up, link)
  }
})

test('mdraid tells of the arrays that lsblk lists', needs('lsblk'), async () => {
  const lines = output('lsblk', '-rno', 'NAME,TYPE').trim().split('\n')
  const arrays = lines.flatMap((line) => /^(\S+) (?:raid|linear)/.exec(line)?.[1] ?? [])
  const reply = await daemon.ask('mdraid\n')
  if (arrays.length === 0) assert.match(reply, /^error: no such object/)
  for (const name of arrays) assert.match(reply, new RegExp(`\\b${name}\\b`))
})

test('zombies as ps counts them', needs('ps'), () =>
  agree(daemon, 'zombies', () => (output('ps', '-e', '-o', 'stat=').match(/^Z/gm) ?? []).length),
)

for (const [key, name] of [
  ['entropy', 'kernel.random.entropy_avail'],
  ['hungtasks', 'kernel.hung_task_detect_count'],
] as const)
  test(`${key} as sysctl prints it`, needs('sysctl'), async () => {
    const { status, stdout } = spawnSync('sysctl', ['-n', name], { encoding: 'utf8' })
    if (status === 0) await agree(daemon, key, () => Number(stdout))
    else assert.match(await daemon.ask(`${key}\n`), /^error: no such object/)
  })

test('conntrack as sysctl prints count and most', needs('sysctl'), async () => {
  const name = (what: string): string => `net.netfilter.nf_conntrack_${what}`
  const { status, stdout } = spawnSync('sysctl', ['-n', name('count'), name('max')], {
    encoding: 'utf8',
  })
  if (status !== 0) assert.match(await daemon.ask('conntrack\n'), /^error: no such object/)
  else {
    const [count = 0, most = 0] = stdout.split('\n').map(Number)
    await agree(daemon, 'conntrack', () => (count * 100) / most, 1)
  }
})

test('fds as sysctl prints fs.file-nr', needs('sysctl'), () =>
  agree(
    daemon,
    'fds',
    () => {
      const [used = 0, , most = 0] = output('sysctl', '-n', 'fs.file-nr').split(/\s+/).map(Number)
      return (used * 100) / most
    },
    1,
  ),
)

test('container as systemd-detect-virt -c says', needs('systemd-detect-virt'), async () => {
  const { stdout } = spawnSync('systemd-detect-virt', ['-c'], { encoding: 'utf8' })
  const none = stdout.trim() === 'none'
  const reply = await daemon.ask('container\n')
  assert.equal(lastLine(reply), none ? '0' : '1', `${stdout} ${reply}`)
})

test('dmesg/TEXT as dmesg prints the same lines', needs('dmesg'), async () => {
  const { status, stdout } = spawnSync('dmesg', ['--notime'], { encoding: 'latin1' })
  const reply = await daemon.ask('dmesg/Linux\n')
  if (status !== 0) assert.match(reply, /^error: (not permitted|no such object)/)
  else {
    const lines = stdout.split('\n').filter((line) => line.includes('Linux'))
    assert.deepEqual(reply, [...lines.slice(-1), lines.length, ''].join('\n'))
  }
})
