// Keys of this host while something happens to it, beside independent programs that watch it too.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { askUntil, asSelf, BIN, lastLine, startCommand, startDaemon } from '../helpers/daemon.ts'
import { directory, needs, output } from '../helpers/tools.ts'

/** Runs a Perl program until it says `ready`; it is gone with the test. */
async function perl(t: TestContext, program: string, wrap: string[] = []): Promise<ChildProcess> {
  const [command = '', ...args] = [...wrap, 'perl', '-e', `$| = 1; ${program}`]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout as NodeJS.ReadableStream, 'data')
  return child
}

/** A counter of the host since boot, as nstat prints it. */
const nstat = (name: string): number =>
  Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(output('nstat', '-asz', name))?.[1])

/** `total=N` of a reply. */
const total = (reply: string): number => Number(/total=(\d+)/.exec(reply)?.[1])

test(
  'udpdrops counts what a full socket loses, as nstat does',
  needs('perl', 'nstat'),
  async (t) => {
    const before = nstat('UdpInErrors') + nstat('Udp6InErrors')
    const daemon = await startDaemon()
    t.after(() => daemon.stop())
    const lost = await perl(
      t,
      `use Socket; socket(my $in, PF_INET, SOCK_DGRAM, 0); setsockopt($in, SOL_SOCKET, SO_RCVBUF, 2048);
     bind($in, sockaddr_in(0, INADDR_LOOPBACK)); my $to = getsockname($in);
     socket(my $out, PF_INET, SOCK_DGRAM, 0); send($out, 'x' x 500, 0, $to) for 1..300;
     print "ready\\n"; sleep 60`,
    )
    const grown = nstat('UdpInErrors') + nstat('Udp6InErrors') - before
    assert.ok(grown > 200, `${grown} of ${lost.pid}`)
    const reply = await askUntil(daemon, 'udpdrops\n', (text) => total(text) >= grown)
    assert.ok(Number(lastLine(reply)) > 0, reply)
    assert.match(reply, /^min=\d+\.\d\d max=\d+\.\d\d total=\d+ buffer=\d+ in \d+s\n/)
  },
)

test(
  'listendrops counts what a full queue drops, as nstat does',
  needs('perl', 'nstat'),
  async (t) => {
    const before = nstat('TcpExtListenDrops')
    const daemon = await startDaemon()
    t.after(() => daemon.stop())
    await perl(
      t,
      `use Socket; use Fcntl; socket(my $in, PF_INET, SOCK_STREAM, 0);
     bind($in, sockaddr_in(0, INADDR_LOOPBACK)); listen($in, 0); my $to = getsockname($in);
     my @out; for (1..20) { socket(my $s, PF_INET, SOCK_STREAM, 0);
     fcntl($s, F_SETFL, O_NONBLOCK); connect($s, $to); push @out, $s }
     print "ready\\n"; sleep 60`,
    )
    const grown = nstat('TcpExtListenDrops') - before
    assert.ok(grown > 0)
    const reply = await askUntil(daemon, 'listendrops\n', (text) => total(text) >= grown)
    assert.ok(Number(lastLine(reply)) > 0, reply)
    const lost = nstat('TcpRetransSegs')
    const sent = await askUntil(daemon, 'tcpretrans\n', (text) => !text.startsWith('error'))
    assert.ok(total(sent) <= lost, sent)
  },
)

/** Packets that an interface received and dropped, as ip prints them. */
const dropped = (name: string): number =>
  JSON.parse(output('ip', '-s', '-j', 'link', 'show', name))[0].stats64.rx.dropped

test(
  'neterrs counts frames of a protocol that nobody takes, as ip -s link does',
  needs('root', 'perl', 'ip'),
  async (t) => {
    const before = dropped('lo')
    const daemon = await startDaemon()
    t.after(() => daemon.stop())
    await askUntil(daemon, 'neterrs/lo\n', (reply) => reply.startsWith('lo '))
    // AF_PACKET, SOCK_RAW, and an EtherType that is set aside for experiments.
    await perl(
      t,
      `socket(my $out, 17, 3, 0) or die $!; my $to = pack('S n l S C C a8', 17, 0x88b5, 1, 0, 0, 6, '');
     my $frame = ("\\0" x 12) . pack('n', 0x88b5) . ('x' x 46);
     for (1..20) { send($out, $frame, 0, $to) or die $! } print "ready\n"; sleep 60`,
    )
    const grown = dropped('lo') - before
    assert.ok(grown >= 20, String(grown))
    const drops = (reply: string): number => Number(/drops=(\d+)/.exec(reply)?.[1])
    const reply = await askUntil(daemon, 'neterrs/lo\n', (text) => drops(text) >= grown)
    assert.match(reply, new RegExp(`^lo min=\\S+ max=\\S+ errors=0 drops=${grown} in \\d+s\\n`))
    assert.ok(Number(lastLine(reply)) > 0, reply)
  },
)

test('fds/NAME of a process that has half of what it may', needs('perl', 'prlimit'), async (t) => {
  const daemon = await startDaemon(['--deadline', '9000'])
  t.after(() => daemon.stop())
  const name = 'knoerredfdtest'
  const child = await perl(
    t,
    `$0 = '${name}'; my @f; for (1..500) { open(my $f, '<', '/dev/null'); push @f, $f }
     print "ready\\n"; sleep 60`,
    ['prlimit', '--nofile=1000:1000'],
  )
  const open = readdirSync(`/proc/${child.pid}/fd`).length
  assert.ok(open > 500)
  assert.equal(await daemon.ask(`fds/${name}\n`), `${child.pid} has ${open} of 1000\n50\n`)
})

test(
  'fds/NAME of another user: known since Linux 6.2, else not permitted',
  needs('perl', 'root'),
  async (t) => {
    const daemon = await startDaemon(['--user', 'nobody'])
    t.after(() => daemon.stop())
    await perl(t, `$0 = 'knoerredfdroot'; print "ready\\n"; sleep 60`)
    const unprivileged = await startCommand(
      process.execPath,
      [BIN, '--listen', '127.0.0.1', '0', '127.0.0.1'],
      { ...asSelf(), UID: '65534', GID: '65534' },
    )
    t.after(() => unprivileged.stop())
    const reply = await unprivileged.ask('fds/knoerredfdroot\n')
    const [major = 0, minor = 0] = release().split('.').map(Number)
    const told = major > 6 || (major === 6 && minor >= 2)
    assert.match(reply, told ? /^\d+ has [1-9]\d* of \d+\n0\n/ : /^error: not permitted: /)
  },
)

test('zombies names a child that nobody waited for', needs('perl'), async (t) => {
  const daemon = await startDaemon()
  t.after(() => daemon.stop())
  const parent = await perl(
    t,
    `my $pid = fork // die; exit unless $pid; sleep 1 until \`cat /proc/$pid/stat\` =~ /\\) Z/;
     print "ready\\n"; sleep 60`,
  )
  const own = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').trim()
  const reply = await daemon.ask('zombies\n')
  // Ten are named; other programs of this host may have left more than that.
  assert.match(reply, new RegExp(`\\b${own} perl\\b|\\d more`))
  assert.ok(Number(lastLine(reply)) >= 1)
})

test('diskio and disklatency beside iostat', needs('iostat', 'dd', 'findmnt'), async (t) => {
  const device = output('findmnt', '-no', 'SOURCE', '/').trim().replace('/dev/', '')
  const known = readFileSync('/proc/diskstats', 'utf8').includes(` ${device} `)
  if (!known) return t.skip(`no block device under / (${device})`)
  const daemon = await startDaemon()
  t.after(() => daemon.stop())
  // It writes until the last: the directory must not be removed before it is gone.
  const end = (): unknown => process.kill(-(load.pid as number), 'SIGKILL')
  t.after(end)
  const file = join(directory(t), 'written')
  const load = spawn(
    'sh',
    [
      '-c',
      `while :; do dd if=/dev/zero of=${file} bs=64k count=200 oflag=direct 2>/dev/null; done`,
    ],
    { stdio: 'ignore', detached: true },
  )
  const watch = spawn('iostat', ['-dxy', '-o', 'JSON', device, '4', '1'])
  let told = ''
  watch.stdout.on('data', (text) => {
    told += text
  })
  await once(watch, 'close')
  const [busy, wait] = await Promise.all([
    daemon.ask(`diskio/${device}/4\n`),
    daemon.ask(`disklatency/${device}/4\n`),
  ])
  const [disk] = JSON.parse(told).sysstat.hosts[0].statistics[0].disk
  const requests = disk['r/s'] + disk['w/s']
  const latency = (disk['r/s'] * disk.r_await + disk['w/s'] * disk.w_await) / requests
  assert.ok(requests > 10, told)
  assert.ok(Math.abs(Number(lastLine(busy)) - disk.util) < 25, `${busy} ${disk.util}`)
  assert.ok(Math.abs(Number(lastLine(wait)) - latency) < 0.5 + latency, `${wait} ${latency}`)
})

test(
  'mountro tells a file system that was remounted',
  needs('root', 'unshare', 'mount'),
  async (t) => {
    const root = directory(t)
    mkdirSync(join(root, 'etc'))
    const point = join(root, 'data')
    mkdirSync(point)
    writeFileSync(join(root, 'etc/fstab'), `none ${point} tmpfs rw 0 0\n`)
    const command = [`mount -t tmpfs none ${point}`, `exec "$@"`].join(' && ')
    const daemon = await startCommand('unshare', [
      '-m',
      'sh',
      '-c',
      command,
      'sh',
      process.execPath,
      BIN,
      '--listen',
      '127.0.0.1',
      '--root',
      root,
      '0',
      '127.0.0.1',
    ])
    t.after(() => daemon.stop())
    const enter = (...args: string[]): unknown =>
      spawnSync('nsenter', ['-t', String(daemon.pid), '-m', ...args])
    assert.equal(await daemon.ask('mountro\n'), '0\n')
    enter('mount', '-o', 'remount,ro', point)
    assert.equal(await daemon.ask('mountro\n'), `${point} (file system ro)\n1\n`)
    assert.equal(await daemon.ask(`mounted${point}\n`), 'tmpfs ro,relatime\n0\n')
    enter('umount', point)
    assert.match(await daemon.ask('mountro\n'), /^error: no such object/)
    assert.equal(await daemon.ask(`mounted${point}\n`), `${point} is not mounted\n1\n`)
  },
)

test('mailqsize as exim -bpc counts', needs('root', 'exim4'), async (t) => {
  const root = directory(t)
  const spool = join(root, 'var/spool/exim4')
  mkdirSync(spool, { recursive: true })
  const config = join(root, 'exim.conf')
  writeFileSync(
    config,
    `spool_directory = ${spool}\nlog_file_path = ${root}/%slog\nkeep_environment =\n` +
      'exim_user = root\nexim_group = root\nnever_users =\ntrusted_users = root\n' +
      'begin acl\nbegin routers\nbegin transports\nbegin retry\nbegin rewrite\nbegin authenticators\n',
  )
  const exim = (args: string[], input = ''): string =>
    spawnSync('exim4', ['-C', config, ...args], { input, encoding: 'utf8' }).stdout.trim()
  const daemon = await startDaemon(['--root', root])
  t.after(() => daemon.stop())
  assert.match(await daemon.ask('mailqsize\n'), /^error: no such object/)
  for (const _ of [1, 2, 3]) exim(['-odq', 'nobody@localhost'], 'Subject: x\n\nx\n')
  assert.equal(exim(['-bpc']), '3')
  assert.equal(await daemon.ask('mailqsize\n'), 'exim input=3\n3\n')
})

test('memcg as the kernel limits a group', needs('root', 'findmnt'), async (t) => {
  const { stdout } = spawnSync('findmnt', ['-rno', 'TARGET,FSTYPE', '-t', 'cgroup,cgroup2'], {
    encoding: 'utf8',
  })
  const hierarchies = stdout.trim().split('\n')
  const mount = hierarchies.find((line) => /\/memory cgroup$/.test(line)) ?? hierarchies[0] ?? ''
  const [point = '', type] = mount.split(' ')
  const group = `knoerred-test-${process.pid}`
  const path = join(point, group)
  try {
    mkdirSync(path)
  } catch {
    return t.skip('needs a cgroup hierarchy that can be written to')
  }
  t.after(() => spawnSync('rmdir', [path]))
  const limit = join(path, type === 'cgroup' ? 'memory.limit_in_bytes' : 'memory.max')
  const daemon = await startDaemon()
  t.after(() => daemon.stop())
  assert.match(await daemon.ask(`memcg/${group}\n`), /^error: no such object: .* not limited/)
  try {
    writeFileSync(limit, '67108864')
  } catch {
    return t.skip('needs the memory controller in that hierarchy')
  }
  assert.match(await daemon.ask(`memcg/${group}\n`), /^0MB of 64MB.*\n0\n$/)
})
