// The plugins as Nagios starts them: the bundled programs, a real daemon, and servers that misbehave.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import {
  constants,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { type Daemon, startDaemon } from '../helpers/daemon.ts'
import { plugin } from '../helpers/plugin.ts'
import { directory, fixture, fixtureHost, withRates } from '../helpers/tools.ts'

/** A UDP server that replies as it is told: undefined is silence. Resolves to its port. */
async function server(t: TestContext, reply: (request: string, n: number) => string | undefined) {
  const socket: Socket = createSocket('udp4')
  t.after(() => socket.close())
  const asked: string[] = []
  socket.on('message', (packet, from) => {
    asked.push(packet.toString())
    const text = reply(packet.toString(), asked.length)
    if (text !== undefined) socket.send(Buffer.from(text, 'latin1'), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: String(socket.address().port), asked }
}

/** check_remote_by_udp against one reply. */
async function said(t: TestContext, reply: string | undefined, ...args: string[]) {
  const { port } = await server(t, () => reply)
  return plugin('udp', '-H', '127.0.0.1', '-p', port, '-t', '2', ...args)
}

const rows: [name: string, reply: string, args: string, code: number, text: string][] = [
  ['the seed', '3.68 1 1\n3.68\n', '-w 7 -c 30 load1', 0, 'REMOTE OK - 3.68 | load1=3.68;7;30'],
  [
    'an integer, no detail',
    '321\n',
    '-w500 -c2000 proccount',
    0,
    'REMOTE OK - 321 | proccount=321;500;2000',
  ],
  ['no thresholds', '0.14\n', 'load1', 0, 'REMOTE OK - 0.14 | load1=0.14'],
  [
    'an empty line, as old ones may send',
    'a b\n\n8.10\n',
    '-w 7 -c 30 load1',
    1,
    'REMOTE WARNING - 8.10 a b | load1=8.10;7;30',
  ],
  ['no LF at the end', '31', '-w 7 -c 30 x', 2, 'REMOTE CRITICAL - 31 | x=31;7;30'],
  ['equal is no alarm', '7\n', '-w 7 -c 30 x', 0, 'REMOTE OK - 7 | x=7;7;30'],
  ['-A0', 'detail\n1\n', '-A0 x', 0, 'REMOTE OK - 1 detail | x=1'],
  ['-A4', 'detail\n9\n', '-A4 -w1 -c2 x', 2, 'REMOTE CRITICAL - 9 | x=9;1;2'],
  ['-A2 below', 'detail\n9\n', '-A 2 -w1 -c20 x', 1, 'REMOTE WARNING - 9 | x=9;1;20'],
  [
    '-L',
    'a<b\n9\n',
    '-L -w1 -c2 x',
    2,
    'REMOTE CRITICAL - 9 <a href="http://127.0.0.1:PORT/x">a&#60;b</a> | x=9;1;2',
  ],
  ['low thresholds', '4\n', '-W 10 -C 5 x', 2, 'REMOTE CRITICAL - 4 | x=4;10:;5:'],
  ['both', '7\n', '-W 10 -C 5 -w 20 -c 30 x', 1, 'REMOTE WARNING - 7 | x=7;10:20;5:30'],
  ['a range', '5\n', '-w 10: -c ~:4 x', 2, 'REMOTE CRITICAL - 5 | x=5;10:;~:4'],
  ['inside a range', '15\n', '-w @10:20 -c 100 x', 1, 'REMOTE WARNING - 15 | x=15;@10:20;100'],
  ['a negative threshold', '0\n', '-w -5 -c -1 x', 2, 'REMOTE CRITICAL - 0 | x=0;-5;-1'],
  [
    '64 bits, exactly',
    '9223372036854775807\n',
    '-w 9223372036854775806 -c 9223372036854775807 x',
    1,
    'REMOTE WARNING - 9223372036854775807 | x=9223372036854775807;9223372036854775806;9223372036854775807',
  ],
  ['a unit', '5\n', '-u % x', 0, 'REMOTE OK - 5% | x=5%'],
  [
    'an error',
    'error: no such key: x\n9223372036854775807\n',
    '-w1 -c2 x',
    3,
    'REMOTE UNKNOWN - error: no such key: x',
  ],
  ['garbage', 'hello\n', 'x', 3, 'REMOTE UNKNOWN - no number in the reply: hello'],
  ['nothing', '', 'x', 3, 'REMOTE UNKNOWN - an empty reply'],
  ['only line feeds', '\n\n', 'x', 3, 'REMOTE UNKNOWN - an empty reply'],
  [
    'structure in the detail',
    'a|b\x1b[2J\n9\n',
    '-w1 -c2 x',
    2,
    'REMOTE CRITICAL - 9 a!b?[2J | x=9;1;2',
  ],
  [
    'structure in the value',
    'a\n9|x=1\n',
    'x',
    3,
    'REMOTE UNKNOWN - no number in the reply: 9!x=1',
  ],
  ['a key to be quoted', '1\n', 'cmdline/a=b', 0, 'REMOTE OK - 1 | cmdline/a_b=1'],
  [
    'several keys',
    'load1 a b\n\n8\ndiskusage/ 5GB free\n\n84\n',
    '-w 7 -c 90 load1 diskusage/',
    1,
    'REMOTE WARNING - load1 8 a b, diskusage/ 84 5GB free | load1=8;7;90 diskusage/=84;7;90',
  ],
  [
    'a key whose record is missing',
    'load1\n\n8\n',
    'load1 x',
    3,
    'REMOTE UNKNOWN - load1 8, x an empty reply | load1=8',
  ],
]
for (const [name, reply, args, code, text] of rows)
  test(`check_remote_by_udp: ${name}`, async (t) => {
    const [status, line] = await said(t, reply, ...args.split(' '))
    assert.deepEqual([status, line.replace(/:\d+\//, ':PORT/')], [code, `${text}\n`])
  })

for (const [state, code] of [
  ['', 3],
  ['-TO', 0],
  ['-TW', 1],
  ['-TC', 2],
] as const)
  test(`check_remote_by_udp: silence ${state}`, async (t) => {
    const { port, asked } = await server(t, () => undefined)
    const args = ['-H', '127.0.0.1', '-p', port, '-t', '1', ...(state ? [state] : []), 'load1']
    const [status, line] = await plugin('udp', ...args)
    assert.equal(status, code)
    assert.match(
      line,
      /^REMOTE \w+ - no answer from 127\.0\.0\.1 within 1 seconds, asked \d times\n$/,
    )
    assert.ok(asked.length >= 2, 'it asked again')
  })

test('check_remote_by_udp: a lost packet costs a retry, -v tells', async (t) => {
  const { port } = await server(t, (_, n) => (n === 1 ? undefined : '1\n'))
  const [status, line] = await plugin('udp', '-v', '-H', '127.0.0.1', '-p', port, 'x')
  assert.equal(status, 0)
  assert.match(line, /^REMOTE OK - 1 \| x=1 rtt=0\.\d{6}s retries=1\n$/)
})

test('check_remote_by_udp: a dead port is told from silence', async (t) => {
  const { port } = await server(t, () => undefined)
  const free = createSocket('udp4')
  free.bind(0, '127.0.0.1')
  await once(free, 'listening')
  const dead = free.address().port
  await new Promise<void>((resolve) => free.close(resolve))
  assert.notEqual(port, String(dead))
  assert.deepEqual(await plugin('udp', '-H', '127.0.0.1', '-p', String(dead), '-TC', 'x'), [
    3,
    `REMOTE UNKNOWN - connection refused: nothing listens on UDP port ${dead} of 127.0.0.1\n`,
  ])
})

test('check_remote_by_udp: only the asked address is believed', async (t) => {
  const liar = createSocket('udp4')
  t.after(() => liar.close())
  liar.bind(0, '127.0.0.2')
  await once(liar, 'listening')
  const honest = createSocket('udp4')
  t.after(() => honest.close())
  honest.on('message', (_, from) => {
    liar.send('0\n', from.port, from.address)
    setImmediate(() => honest.send('50\n', from.port, from.address))
  })
  honest.bind(0, '127.0.0.1')
  await once(honest, 'listening')
  const args = ['-H', 'localhost', '-p', String(honest.address().port), '-w', '10', '-c', '90', 'x']
  assert.deepEqual(await plugin('udp', ...args), [1, 'REMOTE WARNING - 50 | x=50;10;90\n'])
})

for (const [args, sentence] of [
  ['-p 1 x', /-H HOST is wanted/],
  ['-H ::1 x', /-p PORT is wanted/],
  ['-H ::1 -p 1', /a key is wanted/],
  ['-H ::1 -p 0 x', /-p "0" is no port/],
  ['-H ::1 -p 1 -w x x', /-w "x" is no range/],
  ['-H ::1 -p 1 -w 20:10 x', /-w "20:10" is no range/],
  ['-H ::1 -p 1 -C 1: x', /-C "1:" is no number/],
  ['-H ::1 -p 1 -A5 x', /-A "5" is none of 0 to 4/],
  ['-H ::1 -p 1 -T X x', /-T "X" is none of/],
  ['-H ::1 -p 1 -t 0 x', /-t "0" is no number of seconds/],
  ['-H ::1 -p 1 -z x', /unknown option -z/],
  ['-H ::1 -p 1 x -w', /wants a value/],
] as const)
  test(`check_remote_by_udp ${args}: a sentence, usage, UNKNOWN`, async () => {
    const [status, line] = await plugin('udp', ...args.split(' '))
    assert.equal(status, 3)
    assert.match(line, sentence)
    assert.match(line, /usage: check_remote_by_udp /)
  })

for (const name of ['udp', 'udp_time', 'udp_multi'])
  test(`check_remote_by_${name} -h and -V exit 3`, async () => {
    const [status, help] = await plugin(name, '-h')
    assert.equal(status, 3)
    assert.match(help, new RegExp(`^usage: check_remote_by_${name} `))
    const [code, version] = await plugin(name, '-V')
    assert.equal(code, 3)
    assert.match(version, new RegExp(`^check_remote_by_${name} \\d+\\.\\d+\\.\\d+\\n$`))
  })

test('check_remote_by_udp_time: half of the round trip is taken off', async (t) => {
  for (const [offset, code, value] of [
    [0, 0, /[01]/],
    [100, 1, /100|99|101/],
    [-5000, 2, /5000|4999|5001/],
  ] as const) {
    const { port, asked } = await server(
      t,
      () => `${Math.floor(Date.now() / 1000) + offset}\n${Math.abs(offset)}\n`,
    )
    const args = [
      '-w',
      '30',
      '-c',
      '1800',
      '-H',
      '127.0.0.1',
      '-p',
      port,
      '-u',
      ' sec(s) difference',
    ]
    const [status, line] = await plugin('udp_time', ...args)
    assert.equal(status, code)
    assert.match(line, /^REMOTE \w+ - \d+ sec\(s\) difference \| timediff=\d+;30;1800\n$/)
    assert.match(/- (\d+)/.exec(line)?.[1] ?? '', new RegExp(`^(${value.source})$`))
    assert.match(asked[0] ?? '', /^timediff\/\d+\n$/)
  }
})

const GROUPS =
  '-w 7 -c 30 -k load1 -w 80 -c 84 -s Disk -k diskusage/ -w 1 -c 5 -k nosuch -w 0 -c 1 -k raid -w 50 -c 90 -k cpuI'.split(
    ' ',
  )

let daemon: Daemon
/** What is to be undone at the end: a hook that is set inside a hook would run at once. */
const cleanups: (() => void)[] = []
before(async () => {
  const context = { after: (hook: () => void) => cleanups.push(hook) } as unknown as TestContext
  const { path, options } = fixtureHost(context, 'linux-6.1')
  daemon = await startDaemon([...options, '--sets', fixture('sets').pathname])
  await withRates(daemon, path)
})
after(async () => {
  await daemon.stop()
  for (const cleanup of cleanups) cleanup()
})

const multi = (...args: string[]): Promise<[number, string]> =>
  plugin(
    'udp_multi',
    '-I',
    '127.0.0.1',
    '-H',
    'gway',
    '-p',
    String(daemon.port),
    ...args,
    'loadmulti',
  )

test('check_remote_by_udp_multi: the spool gets one file with all passive results', async (t) => {
  const spool = directory(t)
  const [status, line] = await multi('--spool', spool, ...GROUPS)
  assert.deepEqual([status, line], [0, 'REMOTE OK - 0.21 | load1=0.21;7;30\n'])
  const files = readdirSync(spool).sort()
  assert.match(files.join(' '), /^(c\w{6}) \1\.ok$/)
  const text = readFileSync(join(spool, files[0] ?? ''), 'utf8')
  assert.deepEqual(
    [...text.matchAll(/service_description=(.*)\n[\s\S]*?return_code=(\d)\noutput=(.*)\n/g)].map(
      (m) => m.slice(1),
    ),
    [
      [
        'Disk',
        text.match(/service_description=Disk[\s\S]*?return_code=(\d)/)?.[1],
        text.match(/output=(.*diskusage.*)/)?.[1],
      ],
      ['nosuch', '3', 'REMOTE UNKNOWN - no record nosuch in the reply'],
      ['raid', '2', 'REMOTE CRITICAL - 2 | raid=2;0;1'],
      ['cpuI', '0', 'REMOTE OK - 40 | cpuI=40;50;90'],
    ],
  )
  assert.match(text, /^file_time=\d+\n\nhost_name=gway\n/)
  assert.match(text, /start_time=\d+\.\d+\nfinish_time=\d+\.\d+\n/)
})

test('check_remote_by_udp_multi asks for a set as for loadmulti', async (t) => {
  const spool = directory(t)
  const host = ['-I', '127.0.0.1', '-H', 'gway', '-p', String(daemon.port), '--spool', spool]
  const groups = '-w 7 -c 30 -k load1 -w 0 -c 0 -k swaps -w 0 -c 0 -k hostname -k cpuI'.split(' ')
  const [status, line] = await plugin('udp_multi', ...host, ...groups, 'multi/web')
  assert.deepEqual([status, line], [0, 'REMOTE OK - 0.21 | load1=0.21;7;30\n'])
  const text = readFileSync(join(spool, readdirSync(spool).sort()[0] ?? ''), 'utf8')
  assert.match(text, /return_code=2\noutput=REMOTE CRITICAL - 17 .* swaps=17;0;0/)
  assert.match(text, /return_code=0\noutput=REMOTE OK - 0 .*hostname=0;0;0/)
  assert.match(text, /output=REMOTE UNKNOWN - no record cpuI in the reply/)
})

/** A FIFO with a reader who reads when he is asked to. */
function pipe(t: TestContext): { path: string; read: () => string; fill: () => void } {
  const path = join(directory(t), 'nagios.cmd')
  execFileSync('mkfifo', [path])
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  const buffer = Buffer.alloc(65_536)
  return {
    path,
    read: () => buffer.toString('utf8', 0, readSync(fd, buffer)),
    fill: () => {
      try {
        for (;;) writeSync(fd, 'x'.repeat(4096))
      } catch {
        // It is full.
      }
    },
  }
}

test('check_remote_by_udp_multi: the command pipe gets them in one write; -O leaves OK out', async (t) => {
  const { path, read } = pipe(t)
  const [status] = await multi('--pipe', path, '-O', ...GROUPS)
  assert.equal(status, 0)
  const lines = read().split('\n').slice(0, -1)
  assert.equal(
    lines.at(-1)?.replace(/^\[\d+\] /, ''),
    'PROCESS_SERVICE_CHECK_RESULT;gway;raid;2;REMOTE CRITICAL - 2 | raid=2;0;1',
  )
  assert.ok(
    lines.every((line) =>
      /^\[\d+\] PROCESS_SERVICE_CHECK_RESULT;gway;[^;]+;[123];REMOTE /.test(line),
    ),
  )
})

test('check_remote_by_udp_multi: a pipe without reader, a full one, none, a plain file', async (t) => {
  const path = directory(t)
  const unread = join(path, 'unread')
  execFileSync('mkfifo', [unread])
  const plain = join(path, 'plain')
  writeFileSync(plain, '')
  const full = pipe(t)
  full.fill()
  for (const [where, complaint] of [
    [['--pipe', unread], /nobody reads/],
    [['--pipe', full.path, '-t', '1'], /is full/],
    [['--pipe', join(path, 'none')], /ENOENT/],
    [['--pipe', plain], /is no pipe/],
    [['--spool', join(path, 'none')], /ENOENT/],
  ] as const) {
    const [status, line] = await multi(...where, ...GROUPS)
    assert.equal(status, 3)
    assert.match(line, /^REMOTE UNKNOWN - 0\.21, passive results not submitted: /)
    assert.match(line, complaint)
    assert.match(line, / \| load1=0\.21;7;30\n$/)
  }
  assert.equal(readFileSync(plain, 'utf8'), '')
})

test('check_remote_by_udp_multi: a host that answers nothing is UNKNOWN for all', async (t) => {
  const { port } = await server(t, () => undefined)
  const spool = directory(t)
  const args = ['-I', '127.0.0.1', '-H', 'gway', '-p', port, '-t', '1', '--spool', spool, ...GROUPS]
  const [status, line] = await plugin('udp_multi', ...args, 'loadmulti')
  assert.equal(status, 3)
  assert.match(line, /^REMOTE UNKNOWN - no answer/)
  const [file = ''] = readdirSync(spool).sort()
  assert.equal(readFileSync(join(spool, file), 'utf8').match(/^return_code=3$/gm)?.length, 4)
})

test('check_remote_by_udp: resolving is under the deadline too', async () => {
  const start = performance.now()
  const [status, line] = await plugin(
    'udp',
    '-H',
    'no-such-host.invalid',
    '-p',
    '8888',
    '-t',
    '3',
    'x',
  )
  assert.equal(status, 3)
  assert.match(line, /^REMOTE UNKNOWN - (unable to resolve|no answer from) no-such-host\.invalid/)
  assert.ok(performance.now() - start < 8_000)
})
