// Keys on a fixture host to which something happens: what was not so before, must not be allowed, or hangs.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import {
  askUntil,
  asSelf,
  BIN,
  type Daemon,
  lastLine,
  startCommand,
  startDaemon,
} from '../helpers/daemon.ts'
import { fixtureHost, needs } from '../helpers/tools.ts'

interface Fixture {
  readonly path: string
  readonly daemon: Daemon
}

async function started(t: TestContext, options: string[] = []): Promise<Fixture> {
  const host = fixtureHost(t, 'linux-6.1')
  const daemon = await startDaemon([...host.options, ...options])
  t.after(() => daemon.stop())
  return { path: host.path, daemon }
}

/** Changes a file in place and in one write: the daemon has it open. */
function change(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'latin1')
  assert.ok(text.includes(from) && from.length === to.length)
  const fd = openSync(file, 'r+')
  writeSync(fd, text.replace(from, to), 0, 'latin1')
  closeSync(fd)
}

test('rates tell the second in which it happened', async (t) => {
  const { path, daemon } = await started(t)
  // One quiet second first.
  await askUntil(daemon, 'udpdrops\n', (reply) => / in [1-9]s$/m.test(reply))
  change(join(path, 'proc/1/net/dev'), '520993275    0    0', '520993275    8    4')
  change(join(path, 'proc/stat'), 'processes 26442', 'processes 26942')
  change(join(path, 'proc/1/net/snmp'), '54915039 227', '54915039 229')
  change(
    join(path, 'proc/1/net/snmp6'),
    'Udp6InErrors                    \t2',
    'Udp6InErrors                    \t5',
  )
  change(join(path, 'proc/diskstats'), '2069221 0 1614232', '2069521 0 1614732')
  const forks = await askUntil(daemon, 'forks/300\n', (reply) => !/max=0/.test(reply))
  assert.match(forks, /^min=0 max=[45]\d\d\n\d+\n$/)
  assert.match(
    await daemon.ask('neterrs/eth0\n'),
    /^eth0 min=0\.00 max=\d+\.\d\d errors=8 drops=4 in \d+s\n\d+\.\d\d\n$/,
  )
  assert.match(await daemon.ask('tcpretrans\n'), / total=2 sent=0 in /)
  assert.match(await daemon.ask('udpdrops\n'), / total=3 buffer=0 in /)
  assert.match(await daemon.ask('diskio\n'), /^vda reads=0\/s .* min=0 max=(4\d|50)\n\d+\n$/)
})

test('a disk on which requests hang is busy, and has no latency', async (t) => {
  const { path, daemon } = await started(t)
  await askUntil(daemon, 'disklatency\n', (reply) => lastLine(reply) === '0.00')
  const hung =
    /^error: cannot answer now: disklatency(\/dm-0)? \(dm-0: 3 requests under way, none ended\)/
  change(join(path, 'proc/diskstats'), '44024 0 0 0 0 0 42992', '44024 0 0 0 0 3 42992')
  await askUntil(daemon, 'disklatency\n', (reply) => hung.test(reply))
  assert.match(await daemon.ask('disklatency/dm-0\n'), hung)
  assert.match(await daemon.ask('disklatency/vda\n'), /\n0\.00\n$/)
  for (const key of ['diskio', 'diskio/dm-0'])
    assert.match(await daemon.ask(`${key}\n`), /^dm-0 .*, 3 under way, none ended\n100\n$/)
  change(join(path, 'proc/diskstats'), 'dm-0 95731', 'dm-0 95732')
  await askUntil(daemon, 'disklatency/dm-0\n', (reply) => /\n\d+\.\d\d\n$/.test(reply))
})

test('oomkills counts those of the last hour', async (t) => {
  const { path, daemon } = await started(t)
  assert.equal(await daemon.ask('oomkills\n'), '0 in the last 1m\n3\n')
  change(join(path, 'proc/vmstat'), 'oom_kill 3', 'oom_kill 5')
  assert.equal(await daemon.ask('oomkills\n'), '2 in the last 1m\n5\n')
})

test('hungtasks where the kernel counts them', async (t) => {
  const { path, daemon } = await started(t)
  writeFileSync(join(path, 'proc/sys/kernel/hung_task_detect_count'), '4\n')
  assert.equal(await daemon.ask('hungtasks\n'), '4\n')
})

test('a kernel without PSI answers no such object', async (t) => {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  rmSync(join(path, 'proc/pressure'), { recursive: true })
  const daemon = await startDaemon(options)
  t.after(() => daemon.stop())
  assert.match(await daemon.ask('pressure/io\n'), /^error: no such object: pressure\/io/)
})

test('clocksync an old file, or one of the future, says nothing of now', async (t) => {
  const { path, daemon } = await started(t)
  const file = join(path, 'root/run/systemd/timesync/synchronized')
  const asked = async (age: number): Promise<string> => {
    const seconds = Date.now() / 1000 - age
    utimesSync(file, seconds, seconds)
    return daemon.ask('clocksync\n')
  }
  assert.match(await asked(100), /^systemd-timesyncd 10\ds ago\n0\n$/)
  assert.match(await asked(9_000), /^error: no such object: clocksync \(.* 9\d\d\ds ago\)/)
  assert.match(await asked(-9_000), /^error: no such object: clocksync \(.* in the future\)/)
  rmSync(file)
  assert.match(await daemon.ask('clocksync\n'), /^error: no such object/)
})

for (const pid of ['run/chrony/chronyd.pid', 'run/chronyd.pid'])
  test(`clocksync chronyd writes its drift when it ends too: older than ${pid} it tells nothing`, async (t) => {
    const { path, daemon } = await started(t)
    rmSync(join(path, 'root/run/systemd/timesync/synchronized'))
    const written = (file: string, age: number): void => {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, '1 2\n')
      const seconds = Date.now() / 1000 - age
      utimesSync(file, seconds, seconds)
    }
    const drift = join(path, 'root/var/lib/chrony/chrony.drift')
    written(drift, 300)
    assert.match(await daemon.ask('clocksync\n'), /^error: no such object: clocksync \(no file/)
    written(join(path, 'root', pid), 200)
    assert.match(await daemon.ask('clocksync\n'), /^error: no such object: clocksync \(no file/)
    written(drift, 100)
    assert.match(await daemon.ask('clocksync\n'), /^chrony 10\ds ago\n0\n$/)
  })

for (const [kind, mark, text] of [
  ['podman', 'run/.containerenv', 'engine="podman-4.3.1"\n'],
  ['systemd-nspawn', 'run/systemd/container', 'systemd-nspawn\n'],
  ['docker', '.dockerenv', ''],
] as const)
  test(`container by ${mark}, and the smallest of its limits`, async (t) => {
    const { path, daemon } = await started(t)
    writeFileSync(join(path, 'root', mark), text)
    const group = join(path, 'sys/fs/cgroup/init.scope')
    mkdirSync(group)
    writeFileSync(join(group, 'memory.max'), 'max\n')
    writeFileSync(join(group, 'pids.max'), '700\n')
    writeFileSync(join(dirname(group), 'memory.max'), '536870912\n')
    writeFileSync(join(dirname(group), 'cpu.max'), '150000 100000\n')
    writeFileSync(join(dirname(group), 'pids.max'), '900\n')
    assert.equal(await daemon.ask('container\n'), `${kind} memory=512MB cpus=1.5 pids=700\n1\n`)
  })

test('forty control groups in one packet shut out neither one another nor other keys', async (t) => {
  const { path, daemon } = await started(t)
  const keys = Array.from({ length: 40 }, (_, i) => `memcg/g${i}`)
  for (const key of keys) {
    const group = join(path, 'sys/fs/cgroup', key.slice('memcg/'.length))
    mkdirSync(group)
    writeFileSync(join(group, 'memory.current'), '1048576\n')
    writeFileSync(join(group, 'memory.max'), '4194304\n')
  }
  const reply = await daemon.ask([...keys, 'users', 'temp', ''].join('\n'))
  assert.doesNotMatch(reply, /error/)
  assert.equal(reply.match(/^memcg\/g\d+ 1MB of 4MB$/gm)?.length, 40, reply)
  assert.match(reply, /^users [\s\S]*^temp coretemp Core 1, max 80, crit 100/m)
})

test('what may not be read is not permitted, and never 0', needs('root'), async (t) => {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  for (const file of [
    'root/dev/kmsg',
    'root/var/spool/postfix/active',
    'root/run/utmp',
    'root/run/systemd',
    'root/etc/fstab',
    'proc/811/fd',
    'cache/backup',
    'sys/fs/cgroup/system.slice',
  ])
    chmodSync(join(path, file), 0o000)
  chmodSync(path, 0o755)
  const daemon = await startCommand(
    process.execPath,
    [BIN, '--listen', '127.0.0.1', ...options, '0', '127.0.0.1'],
    { ...asSelf(), UID: '65534', GID: '65534' },
  )
  t.after(() => daemon.stop())
  for (const key of [
    'dmesg/EXT4',
    'mailqsize',
    'users',
    'clocksync',
    'systemd',
    'mountro',
    'fds/nginx',
    'cachedvalue/backup',
    'memcg/system.slice/nginx.service',
  ])
    assert.match(await daemon.ask(`${key}\n`), new RegExp(`^error: not permitted: ${key} `))
})

test('a sensor that hangs holds up neither the others nor anybody', needs('mkfifo'), async (t) => {
  const { path, daemon } = await started(t)
  const stuck = join(path, 'sys/class/hwmon/hwmon0/temp1_input')
  rmSync(stuck)
  assert.equal(spawnSync('mkfifo', [stuck]).status, 0)
  const first = daemon.ask('temp\n')
  const start = performance.now()
  await daemon.ask('load1\n')
  assert.ok(performance.now() - start < 400)
  await first
  const later = await daemon.ask('temp\n')
  assert.equal(later, 'coretemp Core 1, max 80, crit 100, 2 not read\n62\n')
})

test('temp of a host with thermal zones alone, with none that answers, and with none', async (t) => {
  const { path, daemon } = await started(t)
  rmSync(join(path, 'sys/class/hwmon'), { recursive: true })
  assert.match(await daemon.ask('temp\n'), /^error: no such object: temp \(no temperature sensor\)/)
  for (const [zone, celsius] of ['-3100', '48600', '41000'].entries()) {
    const directory = join(path, `sys/class/thermal/thermal_zone${zone}`)
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'temp'), `${celsius}\n`)
    writeFileSync(join(directory, 'type'), `zone${zone}\n`)
  }
  assert.equal(await daemon.ask('temp\n'), 'zone1\n49\n')
  for (const zone of [0, 1, 2])
    writeFileSync(join(path, `sys/class/thermal/thermal_zone${zone}/temp`), '')
  assert.match(await daemon.ask('temp\n'), /^error: cannot answer now: temp \(none of 3 sensors/)
})

test('conntrack without a limit, and over it', async (t) => {
  const { path, daemon } = await started(t)
  change(join(path, 'proc/sys/net/netfilter/nf_conntrack_max'), '262144', '000400')
  assert.equal(await daemon.ask('conntrack\n'), '65536 of 400\n100\n')
  change(join(path, 'proc/sys/net/netfilter/nf_conntrack_max'), '000400', '000000')
  assert.match(await daemon.ask('conntrack\n'), /^error: no such object: .* not limited/)
})

/** A service manager that answers as systemd 258 does; `reply` is what it says. */
async function manager(
  t: TestContext,
  path: string,
  reply: (socket: Socket) => void,
): Promise<string[]> {
  const asked: string[] = []
  const server: Server = createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (data) => {
        asked.push(data.toString())
        reply(socket)
      })
  })
  t.after(() => server.close())
  const socket = join(path, 'root/run/systemd/io.systemd.Manager')
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  return asked
}

test('systemd tells by Varlink how many units failed', async (t) => {
  const { path, daemon } = await started(t)
  const runtime = { Version: '258.1', NFailedUnits: 2, SystemState: 'degraded' }
  const text = `${JSON.stringify({ parameters: { context: { x: 'y'.repeat(70_000) }, runtime } })}\0`
  const asked = await manager(t, path, (socket) => {
    socket.write(text.slice(0, 30_000))
    setImmediate(() => socket.write(text.slice(30_000)))
  })
  assert.equal(await daemon.ask('systemd\n'), 'degraded, systemd 258.1\n2\n')
  assert.deepEqual(asked, ['{"method":"io.systemd.Manager.Describe"}\0'])
})

for (const [what, expected, reply] of [
  ['hangs up', 'cannot answer now', (socket: Socket) => socket.end()],
  ['is silent', 'cannot answer now', () => {}],
  ['speaks otherwise', 'cannot answer now', (socket: Socket) => socket.write('{}\0')],
  ['never ends', 'cannot answer now', (socket: Socket) => socket.write('x'.repeat(3_000_000))],
  [
    'does not know the method',
    'no such object',
    (socket: Socket) => socket.write('{"error":"org.varlink.service.MethodNotFound"}\0'),
  ],
] as const)
  test(`systemd that ${what}: ${expected}`, async (t) => {
    const { path, daemon } = await started(t, ['--deadline', '200'])
    await manager(t, path, (socket) => void reply(socket))
    const answer = await daemon.ask('systemd\n')
    assert.match(answer, new RegExp(`^error: ${expected}: systemd`))
    assert.match(lastLine(await daemon.ask('load1\n')), /^\d/)
  })

test('systemd whose socket nobody listens on', async (t) => {
  const { path, daemon } = await started(t)
  const server = createServer()
  const socket = join(path, 'root/run/systemd/x')
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  renameSync(socket, join(path, 'root/run/systemd/io.systemd.Manager'))
  await new Promise((resolve) => server.close(resolve))
  assert.match(await daemon.ask('systemd\n'), /^error: cannot answer now: systemd \(ECONNREFUSED/)
})
