// Parsers of single files: tables of good, empty, short and malformed text, and whole fixtures.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseHostname } from '../../src/readers/hostname.ts'
import { parseLoadavg } from '../../src/readers/loadavg.ts'
import { MountTable, parseMountinfo } from '../../src/readers/mounts.ts'
import { parseNetDev } from '../../src/readers/netdev.ts'
import { parsePasswd } from '../../src/readers/passwd.ts'
import { parsePidStat } from '../../src/readers/processes.ts'
import { parseStat } from '../../src/readers/stat.ts'
import { parseStatfs } from '../../src/readers/statfs.ts'
import { parseSwaps } from '../../src/readers/swaps.ts'
import { type Row, table, text } from '../helpers/table.ts'

table(
  'parseLoadavg',
  parseLoadavg,
  [
    [
      'Linux 6.1',
      text('linux-6.1/proc/loadavg'),
      {
        one: '0.21',
        five: '0.37',
        fifteen: '0.39',
        entities: '719',
        line: '0.21 0.37 0.39 1/719 19737',
      },
    ],
    [
      'Linux 2.6.32, busy',
      text('linux-2.6.32/proc/loadavg'),
      {
        one: '12.04',
        five: '8.50',
        fifteen: '3.99',
        entities: '1289',
        line: '12.04 8.50 3.99 7/1289 32011',
      },
    ],
  ],
  [
    ['nothing', ''],
    ['a short line', '0.21 0.37 0.39\n'],
    ['words', 'a b c 1/2 3\n'],
    ['a negative load', '-0.21 0.37 0.39 1/719 19737\n'],
  ],
)

const cpu6 = { user: 301854, nice: 612, system: 111922, idle: 8979004, iowait: 3552, irq: 2 }
const cpu26 = { user: 1041830, nice: 3421, system: 422811, idle: 22900031, iowait: 81234, irq: 14 }
table(
  'parseStat',
  parseStat,
  [
    [
      'Linux 6.1',
      text('linux-6.1/proc/stat'),
      { ...cpu6, softirq: 3944, steal: 44, ctxt: 38014093, processes: 26442 },
    ],
    [
      'Linux 2.6.32',
      text('linux-2.6.32/proc/stat'),
      { ...cpu26, softirq: 9321, steal: 0, ctxt: 1990473, processes: 2915 },
    ],
    [
      'no steal, as before 2.6.11',
      'cpu  1 2 3 4 5 6 7\nctxt 8\nprocesses 9\n',
      {
        user: 1,
        nice: 2,
        system: 3,
        idle: 4,
        iowait: 5,
        irq: 6,
        softirq: 7,
        steal: 0,
        ctxt: 8,
        processes: 9,
      },
    ],
  ],
  [
    ['nothing', ''],
    ['no cpu line', 'ctxt 5\nprocesses 6\n'],
    ['no ctxt line', 'cpu  1 2 3 4 5 6 7 8\nprocesses 6\n'],
    ['no processes line', 'cpu  1 2 3 4 5 6 7 8\nctxt 5\n'],
    ['four columns, as Linux 2.4 has', 'cpu  1 2 3 4\nctxt 5\n'],
  ],
)

table(
  'parseNetDev',
  parseNetDev,
  [
    [
      'Linux 6.1',
      text('linux-6.1/proc/1/net/dev'),
      [
        { name: 'lo', rx: 435303, tx: 435303, errors: 0, drops: 0 },
        { name: 'eth0', rx: 68210035552, tx: 9315587528, errors: 0, drops: 0 },
        { name: 'eth1', rx: 1234567, tx: 7654321, errors: 0, drops: 0 },
        { name: 'docker0', rx: 0, tx: 0, errors: 0, drops: 0 },
        { name: 'eth2', rx: 0, tx: 0, errors: 0, drops: 0 },
      ],
    ],
    [
      'Linux 2.6.32: the name touches the number, an alias has a colon',
      text('linux-2.6.32/proc/1/net/dev'),
      [
        { name: 'lo', rx: 99887766, tx: 99887766, errors: 0, drops: 0 },
        { name: 'eth0', rx: 4294967295, tx: 123456789, errors: 3, drops: 0 },
        { name: 'eth0:1', rx: 0, tx: 0, errors: 0, drops: 0 },
      ],
    ],
    ['no interface', 'Inter-| x\n face |y\n', []],
  ],
  [
    ['nothing', ''],
    ['no heading', '    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n'],
    ['a short line', 'Inter-| x\n face |y\n    lo: 1 2 3\n'],
  ],
)

table(
  'parseSwaps',
  parseSwaps,
  [
    ['two, one with a blank', text('linux-6.1/proc/swaps'), { size: 393212, used: 65712 }],
    ['none', text('linux-2.6.32/proc/swaps'), { size: 0, used: 0 }],
    ['deleted', 'Filename\n/a (deleted) file 8 4 -1\n', { size: 8, used: 4 }],
  ],
  [
    ['nothing', ''],
    ['a cut line', 'Filename Type\n/dev/dm-2 partition 1310'],
    ['a short line', 'Filename Type\n/dev/dm-2 partition\n'],
  ],
)

table(
  'parseHostname',
  parseHostname,
  [['a name', 'gway.example.com\n', 'gway.example.com']],
  [
    ['nothing', ''],
    ['an empty line', '\n'],
  ],
)

const pid = (comm: string, rest = 'S 1 2 3 34816 -1 4194560 24'): string => `7 (${comm}) ${rest}\n`
const stat = (comm: string) => ({
  pid: 7,
  comm,
  state: 'S',
  tty: 34816,
  kernelThread: false,
  fields: 'S 1 2 3 34816 -1 4194560 24\n',
})
table(
  'parsePidStat',
  parsePidStat,
  [
    ['plain', pid('sshd'), stat('sshd')],
    ['a bracket and a state in the name', pid('a) R 1'), stat('a) R 1')],
    ['a newline in the name', pid('x\ny'), stat('x\ny')],
    ['no name', pid(''), stat('')],
    ['brackets only', pid(')('), stat(')(')],
    [
      'a kernel thread',
      pid('kworker/0:1', 'I 2 0 0 0 -1 69238880 0'),
      {
        pid: 7,
        comm: 'kworker/0:1',
        state: 'I',
        tty: 0,
        kernelThread: true,
        fields: 'I 2 0 0 0 -1 69238880 0\n',
      },
    ],
  ],
  [
    ['nothing', ''],
    ['no brackets', '7 sshd S 1 2 3 4 5 6\n'],
    ['a cut line', '7 (sshd) S 1 2\n'],
    ['no pid', 'x (sshd) S 1 2 3 4 5 6 7\n'],
  ],
)

const mount = {
  id: 36,
  parent: 35,
  device: '98:0',
  point: '/mnt',
  options: 'rw',
  type: 'ext3',
  source: '/dev/x',
}
table(
  'parseMountinfo',
  parseMountinfo,
  [
    [
      'optional fields',
      '36 35 98:0 /a /mnt rw master:1 shared:2 - ext3 /dev/x rw,errors=continue\n',
      [{ ...mount, superOptions: 'rw,errors=continue' }],
    ],
    [
      'no optional field, no source',
      '36 35 98:0 /a /mnt rw - tmpfs  rw\n',
      [{ ...mount, type: 'tmpfs', source: '', superOptions: 'rw' }],
    ],
    [
      'octal escapes and bytes that are not UTF-8',
      '36 35 98:0 /a /a\\040b\\011c\\134d\xe4 rw - ext3 /dev/x rw\n',
      [{ ...mount, point: '/a b\tc\\d\xe4', superOptions: 'rw' }],
    ],
    ['nothing', '', []],
  ].map((row) => row as Row),
  [
    ['a cut line', '36 35 98:0 /a /mnt rw'],
    ['no dash', '36 35 98:0 /a /mnt rw ext3 /dev/x rw\n'],
  ],
)

const mounts = (...lines: string[]): MountTable =>
  new MountTable(lines.flatMap((line) => parseMountinfo(`${line} rw - ext4 dev rw\n`)))

test('MountTable.of() finds the mount that a path lies on', () => {
  const table = mounts('1 0 8:1 / /', '2 1 8:2 / /home', '3 2 8:3 / /home/a/b', '4 1 8:4 / /homer')
  for (const [path, id] of [
    ['/', 1],
    ['/etc/x', 1],
    ['/home', 2],
    ['/home/a', 2],
    ['/home/a/b', 3],
    ['/home/a/b/c/d', 3],
    ['/home/a/bc', 2],
    ['/homer/x', 4],
  ] as const)
    assert.equal(table.of(path)?.id, id, path)
})

test('MountTable.of() the last of the mounts on one point wins, and hides what lay below', () => {
  const table = mounts(
    '1 0 8:1 / /',
    '2 1 8:2 / /a',
    '3 2 8:3 / /a/b',
    '4 2 8:4 / /a',
    '5 4 8:5 / /a',
  )
  assert.equal(table.of('/a')?.id, 5)
  assert.equal(table.of('/a/b/c')?.id, 5)
})

test('MountTable.of() knows no mount where there are none', () => {
  assert.equal(new MountTable([]).of('/a'), undefined)
})

const counts = { type: 0xef53, bsize: 4096, blocks: 100, bfree: 50, bavail: 40, files: 9, ffree: 3 }
test('parseStatfs() takes the counts over', () => {
  assert.deepEqual(parseStatfs(counts), {
    type: 0xef53,
    blockSize: 4096,
    blocks: 100,
    free: 50,
    available: 40,
    inodes: 9,
    inodesFree: 3,
  })
})
test('parseStatfs() reads a negative number of available blocks as none', () => {
  assert.equal(parseStatfs({ ...counts, bavail: 2 ** 64 - 4096 }).available, 0)
})
test('parseStatfs() refuses what a stale mount says', () => {
  assert.throws(() => parseStatfs({ ...counts, bfree: 2 ** 64 }), /absurd/)
})
test('parseStatfs() more free inodes than there are is no count', () => {
  const { inodes, inodesFree } = parseStatfs({ ...counts, ffree: 2 ** 64 })
  assert.deepEqual([inodes, inodesFree], [0, 0])
})

test('parsePasswd() finds a user by the whole name', () => {
  const passwd = 'root:x:0:0::/:/bin/sh\nno:x:5:6\nnobody:x:65534:65533::/:/bin/false\nbad:x:a:b\n'
  const { uid, gid } = parsePasswd(passwd, 'nobody') ?? {}
  assert.deepEqual([uid, gid], [65534, 65533])
  assert.equal(parsePasswd(passwd, '65534')?.name, 'nobody')
  const macos = parsePasswd('nobody:*:-2:-2:User:/var/empty:/usr/bin/false\n', 'nobody')
  assert.deepEqual([macos?.uid, macos?.gid], [4294967294, 4294967294])
  assert.equal(parsePasswd(passwd, 'bod'), undefined)
  assert.equal(parsePasswd(passwd, 'bad'), undefined)
})
