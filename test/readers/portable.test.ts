// The portable source without a worker: made-up samples, made-up clocks, and what systeminformation
// gives where it fails.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checks } from '../../src/checks/index.ts'
import { answerer } from '../../src/core/answer.ts'
import { type Check, isRecords, isRefusal, type Reply } from '../../src/core/check.ts'
import { registry } from '../../src/core/registry.ts'
import { newVitals } from '../../src/core/vitals.ts'
import { Guard } from '../../src/readers/guard.ts'
import { OwnHealth } from '../../src/readers/health.ts'
import { Rings } from '../../src/readers/history.ts'
import { parseLoadavg } from '../../src/readers/loadavg.ts'
import { parseNetDev } from '../../src/readers/netdev.ts'
import { take } from '../../src/readers/portable.ts'
import {
  commandOf,
  gatherDisks,
  gatherLinks,
  gatherMemory,
  gatherProcesses,
  linkCounters,
  type Samples,
  type Si,
} from '../../src/readers/portable-gather.ts'
import { drives, mountTable, treeOf } from '../../src/readers/portable-mounts.ts'
import { LastSamples, PERIOD } from '../../src/readers/portable-samples.ts'
import { loadavgText, netDevText, swapsText } from '../../src/readers/portable-text.ts'
import { PortableView } from '../../src/readers/portable-view.ts'
import { parseSwaps } from '../../src/readers/swaps.ts'
import { promised } from '../helpers/portable.ts'
import { directory } from '../helpers/tools.ts'

type Told<F extends keyof Si> = Awaited<ReturnType<Si[F]>>
const si = (told: { [F in keyof Si]?: Partial<Told<F>> | Partial<Told<F>>[] }): Si =>
  Object.fromEntries(
    Object.entries(told).map(([name, value]) => [name, async () => value]),
  ) as never

const GIB = 2 ** 30
const memory = {
  total: 16 * GIB,
  available: 4 * GIB,
  buffcache: 3 * GIB,
  swaptotal: 2 * GIB,
  swapused: GIB,
}
/** What mem() gives when its command fails: node:os's figures, and 0. */
const failed = { ...memory, available: GIB, buffcache: 0, swaptotal: 0, swapused: 0 }

const memories: [string, NodeJS.Platform, typeof memory, object | undefined | RegExp][] = [
  ['all told', 'darwin', memory, { size: 2 * GIB, used: GIB }],
  ['no swap on Linux', 'linux', { ...memory, swaptotal: 0, swapused: 0 }, { size: 0, used: 0 }],
  [
    'no swap, or none told, on macOS',
    'darwin',
    { ...memory, swaptotal: 0, swapused: 0 },
    undefined,
  ],
  ['FreeBSD, where swap is always 0', 'freebsd', { ...memory, swaptotal: 0 }, undefined],
  ['swap that is no number', 'darwin', { ...memory, swapused: Number.NaN }, undefined],
  [
    'Windows tells no page cache',
    'win32',
    { ...memory, buffcache: 0 },
    { size: 2 * GIB, used: GIB },
  ],
  ['vm_stat failed', 'darwin', failed, /page cache/],
  ['meminfo failed', 'linux', failed, /page cache/],
  ['no page size', 'freebsd', { ...memory, available: Number.NaN }, /could not read the memory/],
  ['no memory', 'win32', { ...memory, total: 0, available: 0 }, /could not read the memory/],
  ['more than there is', 'win32', { ...memory, available: 17 * GIB }, /could not read the memory/],
]
for (const [name, platform, told, expected] of memories)
  test(`gatherMemory() ${name}`, async () => {
    const found = gatherMemory(si({ mem: told }), platform)
    if (expected instanceof RegExp) await assert.rejects(found, expected)
    else
      assert.deepEqual(await found, {
        total: told.total,
        available: told.available,
        swap: expected,
      })
  })

const process = (pid: number, parentPid: number, more: object = {}) => ({
  ...{ pid, parentPid, name: 'sh', command: 'sh', path: '/bin', params: '', state: 'sleeping' },
  ...{ tty: '', ...more },
})

test('gatherProcesses() leaves out the daemon and what it starts', async () => {
  const list = [process(1, 0), process(50, 1), process(61, 60), process(60, 50), process(70, 1)]
  const found = await gatherProcesses(si({ processes: { list } } as never), 'linux', 50)
  assert.deepEqual(
    found.map(({ pid }) => pid),
    [1, 70],
  )
})

test('gatherProcesses() states and terminals', async () => {
  const list = [
    process(1, 0, { state: 'zombie', tty: 'ttys001' }),
    process(2, 0, { state: 'blocked', tty: '-' }),
    process(3, 0, { state: 'unknown', tty: '??' }),
  ]
  const told = si({ processes: { list } } as never)
  const pick = async (platform: NodeJS.Platform) =>
    (await gatherProcesses(told, platform, 9)).map(({ state, tty }) => [state, tty])
  assert.deepEqual(await pick('freebsd'), [
    ['Z', 1],
    ['D', 0],
    ['?', 0],
  ])
  assert.deepEqual((await pick('win32'))[0], [undefined, undefined])
})

test('gatherProcesses() refuses an empty list, and that of one terminal', async () => {
  const refuses = (list: object[]) =>
    assert.rejects(
      gatherProcesses(si({ processes: { list } } as never), 'darwin', 9),
      /could not list the processes/,
    )
  await refuses([])
  await refuses([process(1, 0), process(2, 0, { params: undefined })])
})

const commands: [string, string, string, string, string, string][] = [
  // name, path, command, params: comm, arguments
  ['sshd', '/usr/sbin', 'sshd', '-D', 'sshd', '/usr/sbin/sshd -D'],
  ['python', '/usr/bin', 'python', 'a.py', 'python', '/usr/bin/python a.py'],
  ['x.cjs', 'node dist/bin', 'x.cjs', '', 'node', 'node dist/bin/x.cjs'],
  ['launchd', '/sbin', 'launchd', '', 'launchd', '/sbin/launchd'],
  ['Google Chrome', '/A B', 'Google Chrome', '--x', 'Google Chrome', '/A B/Google Chrome --x'],
  ['kthreadd', '', 'kthreadd', '', 'kthreadd', 'kthreadd'],
]
for (const [name, path, command, params, comm, joined] of commands)
  test(`commandOf() ${joined}`, () => {
    const found = commandOf({ name, path, command, params }, 'darwin')
    assert.equal(found.comm, comm)
    assert.equal(found.cmdline.replace(/\0$/, '').replaceAll('\0', ' '), joined)
  })

test('commandOf() on Windows the command is the whole line', () => {
  const told = { name: 'a.exe', path: 'C:\\a.exe', command: '"C:\\a.exe" -x', params: '' }
  assert.deepEqual(commandOf(told, 'win32'), { comm: 'a.exe', cmdline: '"C:\\a.exe" -x' })
})

test('linkCounters() 0 both ways and NaN are not counted', () => {
  const none = { rx_errors: 1, tx_errors: 2, rx_dropped: 3, tx_dropped: 4 }
  const link = { ...none, iface: 'en0', rx_bytes: 10, tx_bytes: 0 }
  assert.deepEqual(linkCounters(link, false), {
    name: 'en0',
    physical: true,
    counters: { rx: 10, tx: 0, errors: 3, drops: 7 },
  })
  for (const rx_bytes of [0, Number.NaN, -1])
    assert.deepEqual(linkCounters({ ...link, rx_bytes }, false), { name: 'en0', physical: true })
  assert.equal(linkCounters({ ...link, iface: 'utun3' }, false).physical, false)
  assert.equal(linkCounters(link, true).physical, false)
})

test('gatherDisks() an empty list is a failure', () =>
  assert.rejects(gatherDisks(si({ fsSize: [] })), /could not list the file systems/))

const disk = (point: string, type = 'apfs', device = point) => ({
  device,
  type,
  point,
})

test('drives() on Windows takes a drive for what may hang', async () => {
  const locator = drives('/')
  const located = async (path: string) => {
    const { path: there, place } = await locator.locate(path)
    return [there.toString(), place]
  }
  assert.deepEqual(await located('/c:'), ['c:/', 'C:'])
  assert.deepEqual(await located('/C:/Users/x'), ['C:/Users/x', 'C:'])
  assert.deepEqual(await located('/Users'), ['/Users', '/'])
})

test('mountTable() finds the mount of a path by the paths of the mounts', () => {
  const table = mountTable([disk('/'), disk('/Volumes/a/b'), disk('/Volumes/a'), disk('/Vol')])
  const of = (path: string) => table.of(path)?.point
  assert.deepEqual(
    ['/', '/x', '/Volumes', '/Volumes/a', '/Volumes/a/x', '/Volumes/a/b/c', '/Volumes/ab'].map(of),
    ['/', '/', '/', '/Volumes/a', '/Volumes/a', '/Volumes/a/b', '/'],
  )
  assert.deepEqual(
    table.mounts.map(({ parent }) => parent),
    [0, 3, 1, 1],
  )
  assert.equal(mountTable([]).of('/x'), undefined)
  assert.equal(mountTable([disk('C:'), disk('D:')]).of('/x'), undefined)
})

test('mountTable() is made once for a sample, and anew for the next', () => {
  const sample = [disk('/'), disk('/a')]
  assert.equal(mountTable(sample), mountTable(sample))
  assert.notEqual(mountTable([...sample]), mountTable(sample))
})

const links = [
  { name: 'lo0', physical: false, counters: { rx: 5, tx: 5, errors: 0, drops: 0 } },
  { name: 'en0', physical: true, counters: { rx: 1_000, tx: 2_000, errors: 1, drops: 2 } },
  { name: 'en1', physical: true },
]
const cpu = { user: 100, nice: 0, sys: 50, idle: 850, irq: 0 }

test('samples in the words of /proc', () => {
  const { one, five, fifteen, entities } = parseLoadavg(loadavgText({ averages: [0.214, 1.5, 12] }))
  assert.deepEqual([one, five, fifteen, entities], ['0.21', '1.50', '12.00', undefined])
  assert.throws(() => loadavgText({ averages: undefined }), /no load average/)
  const { total, available } = memory
  const told = { total, available, swap: { size: 2 * GIB, used: GIB } }
  assert.deepEqual(parseSwaps(swapsText(told)), { size: 2 * 2 ** 20, used: 2 ** 20 })
  const none = { ...told, swap: { size: 0, used: 0 } }
  assert.deepEqual(parseSwaps(swapsText(none)), { size: 0, used: 0 })
  assert.throws(() => swapsText({ ...told, swap: undefined }), /no swap space is told/)
  const [lo, en] = parseNetDev(netDevText({ cpu, links }))
  assert.equal(lo?.name, 'lo0')
  assert.deepEqual([en?.name, en?.rx, en?.tx], ['en0', 1_000, 2_000])
})

/** A host with a clock that stands until it is told, and what asks it. */
function host(platform: NodeJS.Platform, root = '/') {
  let time = 1_000_000
  const now = () => time
  const samples = new LastSamples(now)
  const rings = new Rings(now)
  const guard = new Guard(4, 450)
  const health = new OwnHealth(
    newVitals(),
    guard,
    () => samples.findings(),
    () => undefined,
  )
  const options = { root, cache: root, deadline: 500, platform }
  const live = { hostname: () => 'mac.example', uptime: () => 90_061 }
  const tree = (root: string) =>
    treeOf({ ...options, root }, guard, () => samples.last('disks') ?? [])
  const parts = { options, samples, rings, health, live, host: tree(root), own: tree('/') }
  const system = new PortableView(parts)
  const ask = answerer(
    registry(checks),
    system,
    (key, fault) => assert.fail(`${key}: ${fault}`),
    new Map([['web', ['load1']]]),
  )
  /** `late` is how long ago it was read. */
  const give = <N extends keyof Samples>(name: N, sample: Samples[N], took = 0, late = 0): void =>
    take(parts, { name, sample, took, at: time - late } as never)
  return { ask, give, samples, pass: (milliseconds: number) => (time += milliseconds) }
}

const shown = (reply: Reply): string => {
  if (isRecords(reply)) return 'records'
  return isRefusal(reply) ? `${reply.kind} (${reply.reason})` : `${reply.detail} = ${reply.value}`
}

test('a sample answers with its age for three periods, and then no more', async () => {
  const { ask, give, pass, samples } = host('darwin')
  const load = async () => shown(await ask({ key: 'load1' }))
  assert.equal(await load(), 'cannot answer now (not sampled yet)')
  samples.take({ name: 'load', failed: 'why' })
  assert.equal(await load(), 'cannot answer now (why)')
  give('load', { averages: [1, 2, 3] })
  assert.equal(await load(), '1.00 2.00 3.00 (0s old) = 1.00')
  pass(7_400)
  assert.equal(await load(), '1.00 2.00 3.00 (7s old) = 1.00')
  pass(3 * PERIOD - 7_400)
  assert.equal(await load(), '1.00 2.00 3.00 (15s old) = 1.00')
  pass(1)
  assert.equal(await load(), 'cannot answer now (the last sample is 15s old)')
  samples.take({ name: 'load', failed: 'why' })
  assert.equal(await load(), 'cannot answer now (the last sample is 15s old: why)')
  assert.equal(shown(await ask({ key: 'self' })).split('\n')[1], 'why = 1')
  give('load', { averages: [4, 5, 6] }, 2_000)
  assert.equal(await load(), '4.00 5.00 6.00 (2s old) = 4.00')
  samples.broken = 'sampling ended: oops'
  pass(20_000)
  assert.equal(await load(), 'cannot answer now (the last sample is 22s old: sampling ended: oops)')
})

test('rates come from the samples, and grow old with them', async () => {
  const { ask, give, pass } = host('darwin')
  const of = async (key: string) => shown(await ask({ key }))
  const step = (rx: number, user: number) =>
    give('counters', {
      cpu: { ...cpu, user, idle: cpu.idle + 3 * (user - 100) },
      links: links.map((link) =>
        link.counters ? { ...link, counters: { ...link.counters, rx } } : link,
      ),
    })
  assert.equal(await of('cpuu'), 'cannot answer now (not sampled yet)')
  step(1_000, 100)
  assert.equal(await of('nettraf/en0'), 'cannot answer now (not sampled yet)')
  pass(5_000)
  step(6_000, 200)
  pass(2_000)
  assert.equal(await of('nettraf/en0'), 'en0 rx=1000 tx=0 (2s old) = 1000')
  assert.equal(await of('nettraf0'), 'en0 rx=1000 tx=0 (2s old) = 1000')
  assert.equal(await of('cpuu'), 'u25s0 (2s old) = 25')
  assert.equal(await of('cpuI'), 'u25s0 (2s old) = 25')
  assert.equal(
    await of('nettraf/en1'),
    'cannot answer now (en1 counted nothing, or it could not be read)',
  )
  assert.equal(await of('nettraf/en2'), 'no such object (no interface en2)')
  assert.match(await of('ctxt'), /^no such object/)
  assert.match(await of('cpuw'), /^no such object/)
  pass(13_001)
  assert.equal(await of('cpuu'), 'cannot answer now (the last sample is 15s old)')
})

test('rates count from reading to reading, however late a sample is heard of', async () => {
  const { ask, give, pass } = host('darwin')
  const step = (rx: number, late: number) =>
    give(
      'counters',
      {
        cpu,
        links: [{ name: 'en0', physical: true, counters: { rx, tx: 1, errors: 0, drops: 0 } }],
      },
      100,
      late,
    )
  step(1_000, 0)
  pass(8_000)
  step(6_000, 3_000)
  assert.equal(shown(await ask({ key: 'nettraf/en0' })), 'en0 rx=1000 tx=0 (3s old) = 1000')
  pass(2_000)
  step(11_000, 0)
  assert.equal(
    shown(await ask({ key: 'nettraf/en0/300' })),
    'en0 rx=1000 tx=0 min=1000 max=1000 (0s old) = 1000',
  )
})

/** A question for each key, about what is there. */
function questionOf({ key, argument = '' }: Check): string {
  if (!argument.startsWith('/')) return key
  if (key === 'cmp') return 'cmp/file//file'
  if (argument === '/PATH' || key === 'cachedvalue') return `${key}/file`
  const object = { timediff: '1', nettraf: 'en0', neterrs: 'en0', netlink: 'en0', pressure: 'cpu' }
  return `${key}/${{ ...object, multi: 'web' }[key] ?? 'sh'}`
}

const SYSTEMS = { macOS: 'darwin', BSDs: 'freebsd', Windows: 'win32' } as const
for (const [name, platform] of Object.entries(SYSTEMS))
  test(`every key on ${name} is answered as docs/portable.md says, or no such object`, async (t) => {
    const root = directory(t)
    writeFileSync(join(root, 'file'), '1\n')
    if (name !== 'Windows') mkdirSync(join(root, 'var/spool/postfix/deferred'), { recursive: true })
    const { ask, give, pass } = host(platform, root)
    const told = await gatherLinks({ networkStats: async () => [] }, platform)
    const two = told && links.map((link) => ({ ...link, counters: links[1]?.counters as never }))
    give('load', { averages: platform === 'win32' ? undefined : [1, 2, 3] })
    give(
      'memory',
      await gatherMemory(
        si({ mem: platform === 'freebsd' ? { ...memory, swaptotal: 0 } : memory }),
        platform,
      ),
    )
    give('disks', [disk('/'), disk('/proc', 'procfs'), disk('/net', 'nfs')])
    const list = [process(1, 0), process(2, 1)]
    give('processes', await gatherProcesses(si({ processes: { list } } as never), platform, 99))
    give('counters', { cpu, links: two })
    pass(1_000)
    give('counters', { cpu: { ...cpu, idle: 1_850 }, links: two })
    const answered: string[] = []
    for (const check of checks) {
      const reply = await ask({ key: questionOf(check) })
      if (!isRefusal(reply)) answered.push(check.key)
      else assert.equal(reply.kind, 'no such object', `${check.key}: ${reply.reason}`)
    }
    assert.deepEqual(answered.sort(), promised(name as keyof typeof SYSTEMS).sort())
  })
