// Parsers of what other programs and the kernel tell of themselves.
import assert from 'node:assert/strict'
import fs, { mkdirSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Refused } from '../../src/core/errors.ts'
import { parseCpus, parseGroup } from '../../src/readers/container.ts'
import { KernelLog, parseKmsg } from '../../src/readers/kmsg.ts'
import { parseManager } from '../../src/readers/systemd.ts'
import { parseReply } from '../../src/readers/varlink.ts'
import { table, text } from '../helpers/table.ts'
import { directory } from '../helpers/tools.ts'

table('parseKmsg', parseKmsg, [
  [
    'records with fields, with a flag, with a semicolon',
    text('linux-6.1/root/dev/kmsg'),
    [
      'Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)',
      'NET: Registered PF_PACKET protocol family',
      'EXT4-fs error (device vda4): ext4_lookup:1855: inode #2: comm ls: deleted inode referenced: 12',
      'EXT4-fs (vda4): Remounting filesystem read-only; see above',
      'systemd[1]: a line; with a semicolon \x1b[0m',
    ],
  ],
  ['a record with its caller', '6,1,2,-,caller=T1;hello\n', ['hello']],
  ['an empty message', '6,1,2,-;\n', ['']],
  [
    'what the kernel escapes',
    '6,1,2,-;C:\\x5ctemp k\\xc3\\xa4fer\\x0aend\\x5cx41\n',
    ['C:\\temp k\xc3\xa4fer\nend\\x41'],
  ],
  ['nothing', '', []],
])

/** A ring of 20,000 records under a root, and how often it was opened. */
function ring(t: TestContext): { log: KernelLog; opened: () => number } {
  const root = directory(t)
  mkdirSync(join(root, 'dev'))
  // A record of a regular file must not lie across two reads: 128 of them fill one.
  const record = (i: number): string => `6,${i},0,-;`.padEnd(63, String(i % 10)).concat('\n')
  writeFileSync(
    join(root, 'dev/kmsg'),
    Array.from({ length: 20_000 }, (_, i) => record(i)).join(''),
  )
  const open = t.mock.method(fs, 'openSync')
  syncBuiltinESMExports()
  t.after(() => {
    open.mock.restore()
    syncBuiltinESMExports()
  })
  return { log: new KernelLog(root, 5_000), opened: () => open.mock.callCount() }
}

async function counted(log: KernelLog, text: string): Promise<number> {
  let count = 0
  await log.each((message) => {
    if (message.includes(text)) count++
  })
  return count
}

test('KernelLog.each() reads once for all who ask, and once more for those who came meanwhile', async (t) => {
  const { log, opened } = ring(t)
  const first = Array.from({ length: 57 }, (_, i) => counted(log, String(i % 10)))
  while (opened() === 0) await new Promise((resolve) => setImmediate(resolve))
  const late = [counted(log, '7'), counted(log, '77')]
  assert.deepEqual(new Set(await Promise.all(first)), new Set([2_000]))
  assert.deepEqual(await Promise.all(late), [2_000, 2_000])
  assert.equal(opened(), 2)
  assert.equal(await counted(log, '6,'), 0)
  assert.equal(opened(), 3)
})

test('KernelLog.each() tells all who asked why it cannot, and recovers', async (t) => {
  const root = directory(t)
  const log = new KernelLog(root, 5_000)
  for (const { status } of await Promise.allSettled([counted(log, ''), counted(log, '')]))
    assert.equal(status, 'rejected')
  mkdirSync(join(root, 'dev'))
  writeFileSync(join(root, 'dev/kmsg'), '6,1,0,-;hello\n')
  assert.equal(await counted(log, 'hell'), 1)
})

table('parseGroup', (input) => parseGroup(input, 'cpu', true), [
  ['version 1, two controllers in one', '2:cpu,cpuacct:/lxc/web\n1:pids:/a\n', '/lxc/web'],
  ['a controller that is not there', '1:cpuset:/a\n', '/'],
])
table('parseGroup of version 2', (input) => parseGroup(input, 'cpu', false), [
  ['version 2', text('linux-6.1/proc/1/cgroup'), '/init.scope'],
  ['both', '1:cpu:/a\n0::/b\n', '/b'],
  ['nothing', '', '/'],
])

table('parseCpus', parseCpus, [
  ['a quota', '150000 100000\n', 1.5],
  ['none in version 2', 'max 100000\n', Number.POSITIVE_INFINITY],
  ['none in version 1', '-1\n 100000\n', Number.POSITIVE_INFINITY],
])

const runtime = { Version: '258.1', NFailedUnits: 2, SystemState: 'degraded', NJobs: 0 }
const reply = (value: unknown): string => `${JSON.stringify(value)}\0`
table(
  'parseManager',
  (input) => parseManager(parseReply(input)),
  [
    [
      'what systemd 258 says',
      reply({ parameters: { context: {}, runtime } }),
      { failed: 2, state: 'degraded', version: '258.1' },
    ],
  ],
  [
    ['nothing', ''],
    ['no JSON', 'degraded\0'],
    ['no parameters', reply({})],
    ['no runtime', reply({ parameters: {} })],
    ['no count', reply({ parameters: { runtime: { ...runtime, NFailedUnits: 'x' } } })],
    ['a list', reply([])],
  ],
)
test('parseReply() an error that the service tells keeps its kind', () => {
  const thrown = (error: string): unknown => {
    try {
      return parseReply(reply({ error, parameters: {} }))
    } catch (caught) {
      return caught instanceof Refused ? caught.kind : (caught as { code?: string }).code
    }
  }
  assert.equal(thrown('org.varlink.service.PermissionDenied'), 'EACCES')
  assert.equal(thrown('org.varlink.service.MethodNotFound'), 'no such object')
  assert.equal(thrown('org.varlink.service.InterfaceNotFound'), 'no such object')
  assert.equal(thrown('io.systemd.Manager.RateLimitReached'), 'cannot answer now')
})
