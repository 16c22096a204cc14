// Parsers of what a host is made of: sockets, links, arrays, mounts, groups, sensors.
import { parseBonding } from '../../src/readers/bonding.ts'
import { parseKills, parseLimit } from '../../src/readers/cgroup.ts'
import { parseConntrackStat } from '../../src/readers/conntrack.ts'
import { parseCount } from '../../src/readers/count.ts'
import { parseFileNr, parseLimits } from '../../src/readers/descriptors.ts'
import { parseFstab } from '../../src/readers/fstab.ts'
import { parseCelsius } from '../../src/readers/hwmon.ts'
import { parseMdstat } from '../../src/readers/mdstat.ts'
import { parsePressure } from '../../src/readers/pressure.ts'
import { parseSockstat } from '../../src/readers/sockstat.ts'
import { table, text } from '../helpers/table.ts'

const stalls = (avg10: string, avg60: string, avg300: string) => ({ avg10, avg60, avg300 })
table(
  'parsePressure',
  parsePressure,
  [
    [
      'Linux 6.1',
      text('linux-6.1/proc/pressure/io'),
      { some: stalls('12.50', '7.03', '2.10'), full: stalls('10.00', '5.50', '1.75') },
    ],
    [
      'the CPU before Linux 5.13',
      'some avg10=0.10 avg60=0.20 avg300=0.30 total=9\n',
      { some: stalls('0.10', '0.20', '0.30') },
    ],
  ],
  [
    ['nothing', ''],
    ['full alone', 'full avg10=0.10 avg60=0.20 avg300=0.30 total=9\n'],
    ['a cut line', 'some avg10=0.10 avg60=0.20 avg300=0.30 total=9\nfull avg10=0.10'],
  ],
)

table(
  'parseFileNr',
  parseFileNr,
  [
    [
      'Linux 6.1',
      text('linux-6.1/proc/sys/fs/file-nr'),
      { used: 2592, most: '9223372036854775807' },
    ],
    ['Linux 2.6.32', text('linux-2.6.32/proc/sys/fs/file-nr'), { used: 94800, most: '398542' }],
  ],
  [
    ['nothing', ''],
    ['two numbers', '1\t0\n'],
    ['a most of 0', '1\t0\t0\n'],
  ],
)

table(
  'parseLimits',
  parseLimits,
  [
    ['Linux 6.1', text('linux-6.1/proc/810/limits'), 1024],
    ['Linux 2.6.32', text('linux-2.6.32/proc/1/limits'), 1024],
    ['unlimited', text('linux-6.1/proc/901/limits'), Number.POSITIVE_INFINITY],
  ],
  [
    ['nothing', ''],
    ['another limit', 'Max processes             10                 10               processes\n'],
  ],
)

const entries = (input: string) => Object.fromEntries(parseSockstat(input))
table(
  'parseSockstat',
  entries,
  [
    [
      'Linux 6.1',
      text('linux-6.1/proc/1/net/sockstat'),
      {
        sockets: { used: 229 },
        TCP: { inuse: 4, orphan: 0, tw: 6, alloc: 17, mem: 1 },
        UDP: { inuse: 3, mem: 2 },
        UDPLITE: { inuse: 0 },
        RAW: { inuse: 0 },
        FRAG: { inuse: 0, memory: 0 },
      },
    ],
    ['IPv6', 'TCP6: inuse 7\n', { TCP6: { inuse: 7 } }],
  ],
  [
    ['nothing', ''],
    ['a cut line', 'TCP: inuse'],
    ['a word for a number', 'TCP: inuse x\n'],
  ],
)

table(
  'parseConntrackStat',
  parseConntrackStat,
  [['Linux 6.1, in hexadecimal', text('linux-6.1/proc/1/net/stat/nf_conntrack'), 65536]],
  [
    ['nothing', ''],
    ['the heading alone', 'entries  searched found\n'],
  ],
)

table(
  'parseBonding',
  parseBonding,
  [
    [
      'Linux 6.1',
      text('linux-6.1/proc/1/net/bonding/bond0'),
      [
        { name: 'eth0', up: true },
        { name: 'eth1', up: false },
      ],
    ],
    ['Linux 2.6.32', text('linux-2.6.32/proc/1/net/bonding/bond0'), [{ name: 'eth0', up: true }]],
    ['no members', text('linux-2.6.32/proc/1/net/bonding/bond1'), []],
    [
      'going down',
      'MII Status: up\n\nSlave Interface: a\nMII Status: going down\n',
      [{ name: 'a', up: false }],
    ],
  ],
  [
    ['nothing', ''],
    ['a member without status', 'MII Status: up\n\nSlave Interface: a\n'],
  ],
)

table(
  'parseMdstat',
  parseMdstat,
  [
    [
      'Linux 6.1: degraded, rebuilding, without redundancy, inactive; a container left out',
      text('linux-6.1/proc/mdstat'),
      [
        {
          name: 'md0',
          state: 'active',
          members: ['sdb1', 'sda1'],
          faulty: ['sda1'],
          working: { of: 2, are: 1 },
        },
        {
          name: 'md1',
          state: 'active',
          members: ['sde1', 'sdd1', 'sdc1'],
          faulty: [],
          working: { of: 3, are: 2 },
        },
        { name: 'md2', state: 'active', members: ['sdg1', 'sdf1'], faulty: [] },
        { name: 'md3', state: 'inactive', members: ['sdh1', 'sdi1'], faulty: [] },
      ],
    ],
    [
      'Linux 2.6.32, healthy, metadata 0.90',
      text('linux-2.6.32/proc/mdstat'),
      [
        {
          name: 'md1',
          state: 'active',
          members: ['sdb2', 'sda2'],
          faulty: [],
          working: { of: 2, are: 2 },
        },
      ],
    ],
    [
      'a container left out, its volumes not: one inactive, one read-only and inactive',
      ['imsm', '/md127/0', '-md127/1']
        .map(
          (at, i) =>
            `md${127 - i} : inactive sdk[1] sdj[0]\n      6306 blocks super external:${at}\n\n`,
        )
        .reduce((all, one) => all + one, 'Personalities : [raid1]\n'),
      ['md126', 'md125'].map((name) => ({
        name,
        state: 'inactive',
        members: ['sdk', 'sdj'],
        faulty: [],
      })),
    ],
    ['no array', 'Personalities : \nunused devices: <none>\n', []],
    [
      'a broken stripe, Linux 5.4',
      'Personalities : [raid0]\nmd0 : broken raid0 sdb1[1] sda1[0]\n      8 blocks\n',
      [{ name: 'md0', state: 'broken', members: ['sdb1', 'sda1'], faulty: [] }],
    ],
  ],
  [
    ['nothing', ''],
    ['an unknown state', 'Personalities : [raid1]\nmd0 : odd raid1 sda1[0]\n'],
  ],
)

const wanted = (point: string, ...options: string[]) => ({ point, options })
table(
  'parseFstab',
  parseFstab,
  [
    [
      'Linux 2.6.32',
      text('linux-2.6.32/root/etc/fstab'),
      [wanted('/', 'defaults'), wanted('/dev/shm', 'defaults'), wanted('/proc', 'defaults')],
    ],
    [
      'comments, swap, a blank in a path, a slash at its end, no options',
      '# x\n\n/dev/a none swap sw 0 0\n/dev/b /a\\040b/ ext4\n',
      [wanted('/a b', '')],
    ],
    ['nothing', '', []],
  ],
  [['a line of two words', '/dev/a /\n']],
)

table(
  'parseLimit',
  (input) => parseLimit('memory.max', input),
  [
    ['bytes', '536870912\n', 536870912],
    ['none in version 2', 'max\n', Number.POSITIVE_INFINITY],
  ],
  [
    ['nothing', ''],
    ['a negative number', '-1\n'],
  ],
)
table('parseKills', parseKills, [
  ['version 2', 'low 0\noom 3\noom_kill 2\noom_group_kill 1\n', 2],
  ['version 1', 'oom_kill_disable 0\nunder_oom 0\noom_kill 5\n', 5],
  ['a kernel that does not count', 'oom_kill_disable 0\nunder_oom 0\n', undefined],
])

table(
  'parseCelsius',
  parseCelsius,
  [
    ['above zero', '61500\n', 61.5],
    ['below', '-5250\n', -5.25],
  ],
  [
    ['nothing', ''],
    ['an empty line', '\n'],
  ],
)

table(
  'parseCount',
  (input) => parseCount('x', input),
  [['a number', '256\n', 256]],
  [
    ['nothing', ''],
    ['two numbers', '1 2\n'],
    ['a negative number', '-1\n'],
  ],
)
