// Parsers of what a host is: how long it runs, what memory it has, who is logged in.
import { parseMeminfo } from '../../src/readers/meminfo.ts'
import { parseUptime } from '../../src/readers/uptime.ts'
import { parseUtmp } from '../../src/readers/utmp.ts'
import { table, text } from '../helpers/table.ts'

table(
  'parseUptime',
  parseUptime,
  [
    ['Linux 6.1', text('linux-6.1/proc/uptime'), 350735],
    ['Linux 2.6.32, for years', text('linux-2.6.32/proc/uptime'), 93784623],
    ['just booted', '0.98 0.00\n', 0],
  ],
  [
    ['nothing', ''],
    ['one number', '350735.47\n'],
    ['words', 'a b\n'],
    ['a negative number', '-1.00 0.00\n'],
  ],
)

const FORMULA = 'MemFree+Buffers+Cached+SReclaimable-Shmem'
const old = (...fields: string[]): string =>
  ['MemTotal: 1000 kB', 'MemFree: 100 kB', 'Buffers: 10 kB', ...fields, ''].join('\n')
table(
  'parseMeminfo',
  parseMeminfo,
  [
    ['Linux 6.1', text('linux-6.1/proc/meminfo'), { total: 8127188, available: 5103240 }],
    [
      'Linux 2.6.32 has no MemAvailable: shared memory is in Cached, and is not given back',
      text('linux-2.6.32/proc/meminfo'),
      { total: 4058440, available: 212544 + 180392 + 1512316 + 351004 - 210032, formula: FORMULA },
    ],
    [
      'no Shmem, as before 2.6.32',
      old('Cached: 200 kB', 'SReclaimable: 5 kB'),
      { total: 1000, available: 315, formula: FORMULA },
    ],
    [
      'never more than there is',
      'MemTotal: 5 kB\nMemAvailable: 9 kB\n',
      { total: 5, available: 5 },
    ],
    ['no blank after the colon', 'MemTotal:5 kB\nMemAvailable:1 kB\n', { total: 5, available: 1 }],
  ],
  [
    ['nothing', ''],
    ['no total', 'MemFree: 5 kB\nMemAvailable: 5 kB\n'],
    ['a total of 0', 'MemTotal: 0 kB\nMemAvailable: 0 kB\n'],
    ['too little for the formula', old('Cached: 200 kB')],
  ],
)

const utmp = text('linux-6.1/root/run/utmp')
table(
  'parseUtmp',
  parseUtmp,
  [
    [
      'records of 384 bytes',
      utmp,
      [
        { user: 'alice', line: 'pts/0' },
        { user: 'bob', line: 'pts/2' },
      ],
    ],
    [
      'records of 400 bytes, as on aarch64',
      text('linux-2.6.32/root/var/run/utmp'),
      [{ user: 'root', line: 'tty1' }],
    ],
    ['nobody', '', []],
    ['an empty user name', utmp.slice(3 * 384, 4 * 384).replace('alice', '\0\0\0\0\0'), []],
    [
      '25 records of 384 are as long as 24 of 400',
      utmp.slice(3 * 384, 4 * 384).repeat(25),
      Array(25).fill({ user: 'alice', line: 'pts/0' }),
    ],
    [
      'a machine of the other byte order',
      `\0\x07${utmp.slice(3 * 384 + 2, 4 * 384)}`,
      [{ user: 'alice', line: 'pts/0' }],
    ],
  ],
  [
    ['a cut record', utmp.slice(0, 500)],
    ['another file', 'x'.repeat(384)],
  ],
)
