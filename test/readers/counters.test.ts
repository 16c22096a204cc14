// Parsers of what is sampled: packets, disks, kills, tasks.
import { parseDiskstats } from '../../src/readers/diskstats.ts'
import { parseSnmp, parseSnmp6 } from '../../src/readers/snmp.ts'
import { parseTasks } from '../../src/readers/stat.ts'
import { parseOomKills } from '../../src/readers/vmstat.ts'
import { table, text } from '../helpers/table.ts'

const some = (names: string[], parse: typeof parseSnmp) => (input: string) => {
  const found = parse(input, names)
  return names.map((name) => found.get(name))
}

table(
  'parseSnmp',
  some(['Tcp.MaxConn', 'Tcp.RetransSegs', 'Udp.InErrors', 'Udp.RcvbufErrors'], parseSnmp),
  [
    ['Linux 6.1', text('linux-6.1/proc/1/net/snmp'), [-1, 227, 9, 9]],
    ['Linux 2.6.32', text('linux-2.6.32/proc/1/net/snmp'), [-1, 3120, 0, 0]],
  ],
  [
    ['nothing', ''],
    ['names without numbers', 'Udp: InErrors\n'],
    ['fewer numbers than names', 'Udp: InErrors NoPorts\nUdp: 1\n'],
    ['numbers of another protocol', 'Udp: InErrors\nTcp: 1\n'],
    ['a cut line', 'Udp: InErrors\nUdp: 1'],
  ],
)
table('parseSnmp of netstat', some(['TcpExt.ListenOverflows', 'TcpExt.ListenDrops'], parseSnmp), [
  ['Linux 6.1', text('linux-6.1/proc/1/net/netstat'), [3, 5]],
  ['Linux 2.6.32', text('linux-2.6.32/proc/1/net/netstat'), [0, 0]],
])
table(
  'parseSnmp6',
  some(['Udp6InErrors', 'Udp6RcvbufErrors'], parseSnmp6),
  [['Linux 6.1', text('linux-6.1/proc/1/net/snmp6'), [2, 1]]],
  [['nothing', '']],
)

const sum = (...numbers: number[]): number => numbers.reduce((a, b) => a + b)
const disk = (name: string, ...numbers: number[]) => {
  const [reads = 0, writes = 0, sectors, taken, busy, others = 0, underWay = 0] = numbers
  return { name, reads, writes, sectors, taken, busy, ended: reads + writes + others, underWay }
}
table(
  'parseDiskstats',
  parseDiskstats,
  [
    [
      'Linux 6.1: what never did anything is left out',
      text('linux-6.1/proc/diskstats'),
      [
        disk(
          'vda',
          1775784,
          6038856,
          sum(32670882, 213637440),
          sum(8655768, 2069221),
          1614232,
          127 + 190,
        ),
        disk('vda1', 1200000, 6000000, sum(30670882, 200000000), 10000000, 1600000),
        disk('vda2', 575784, 38856, sum(2000000, 13637440), sum(655768, 69221), 14232, 127),
        disk('dm-0', 95731, 0, 765848, 44024, 42992),
      ],
    ],
    [
      'Linux 2.6.32: eleven columns, a slash in the name, a partition with four',
      text('linux-2.6.32/proc/diskstats'),
      [
        disk('cciss/c0d0', 97123, 331231, sum(4012310, 9123112), sum(512311, 3120011), 712312),
        disk('cciss/c0d0p1', 512, 12, sum(4210, 102), sum(612, 51), 512),
        disk('sda', 25354637, 59711, sum(1003346126, 512311), sum(18492372, 9123), 8218021),
      ],
    ],
    ['requests under way', ' 8 0 sda 1 0 2 3 4 0 5 6 7 8 9\n', [disk('sda', 1, 4, 7, 9, 8, 0, 7)]],
    [
      'fewer than none under way',
      ' 8 0 sda 1 0 2 3 4 0 5 6 4294967295 8 9\n',
      [disk('sda', 1, 4, 7, 9, 8)],
    ],
    ['no disk', '', []],
  ],
  [
    ['a cut line', '   8       0 sda 25354637 34367663 1003346126'],
    ['words', '   8       0 sda a b c d e f g h i j k\n'],
    ['no counters', '   8       0 sda\n'],
  ],
)

table(
  'parseOomKills',
  parseOomKills,
  [
    ['Linux 6.1', text('linux-6.1/proc/vmstat'), 3],
    ['Linux 2.6.32 does not count them', text('linux-2.6.32/proc/vmstat'), undefined],
  ],
  [
    ['nothing', ''],
    ['another file', 'oom_kill 3\n'],
  ],
)

table(
  'parseTasks',
  parseTasks,
  [
    ['Linux 6.1', text('linux-6.1/proc/stat'), { running: 2, blocked: 1 }],
    ['Linux 2.6.32', text('linux-2.6.32/proc/stat'), { running: 1, blocked: 0 }],
  ],
  [
    ['nothing', ''],
    ['no blocked', 'procs_running 2\n'],
  ],
)
