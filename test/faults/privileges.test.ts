// Root is given up, the unit of examples/systemd holds, and what a sandbox hides is told.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { asSelf, BIN, type Daemon, lastLine, startCommand, startDaemon } from '../helpers/daemon.ts'
import { directory, needs, output } from '../helpers/tools.ts'

test('without root, file keys show what that user may read', needs('root'), async (t) => {
  const { UID: _u, GID: _g, ...bare } = asSelf()
  const args = [BIN, '--listen', '127.0.0.1', '0', '127.0.0.1']
  const daemon = await startCommand(process.execPath, args, bare)
  t.after(() => daemon.stop())
  const status = readFileSync(`/proc/${daemon.pid}/status`, 'utf8')
  assert.doesNotMatch(status, /^(Uid|Gid):.*\b0\b/m)
  assert.match(status, /^CapEff:\s0+$/m)
  assert.match(status, /^CapPrm:\s0+$/m)
  for (const key of ['cat/etc/shadow', 'wc-l/etc/shadow', 'cmp/etc/passwd//etc/shadow'])
    assert.match(await daemon.ask(`${key}\n`), /^error: not permitted: \S+ \(EACCES\)\n/)
  assert.match(lastLine(await daemon.ask('wc-l/etc/passwd\n')), /^\d+$/)
})

test('the systemd unit is one that systemd takes', needs('systemd-analyze'), (t) => {
  const unit = readFileSync(
    new URL('../../examples/systemd/knoerred.service', import.meta.url),
    'utf8',
  )
  const path = join(directory(t), 'knoerred.service')
  // The program of this checkout stands for the installed one, and there is no man-db to ask.
  writeFileSync(
    path,
    unit.replace('/usr/local/bin/knoerred', BIN).replace(/^Documentation=.*\n/m, ''),
  )
  execFileSync('systemd-analyze', ['verify', path], { stdio: 'pipe' })
  const said = output('systemd-analyze', 'security', '--offline=true', path)
  assert.ok(Number(/Overall exposure level for \S+: ([\d.]+)/.exec(said)?.[1]) < 4, said)
  const settings = unit.replace(/^#.*$/gm, '')
  assert.doesNotMatch(
    settings,
    /PrivateTmp|ProtectHome|ProtectSystem|ProcSubset|PrivateNetwork|ProtectProc/,
  )
  for (const [, line = ''] of unit.matchAll(/\n\n?([^#\n[][^\n]*=[^\n]*)/g))
    assert.match(line, /^\w+=/)
})

/** Starts a daemon by a shell in new namespaces; it is asked from inside its network. */
async function inside(t: TestContext, unshare: string[], commands: string[], options: string) {
  const line = [...commands, `exec ${process.execPath} ${BIN} ${options} 8888 127.0.0.1`].join(
    ' && ',
  )
  const daemon: Daemon = await startCommand('unshare', [...unshare, 'sh', '-c', line])
  t.after(() => daemon.stop())
  return (key: string): string =>
    execFileSync(
      'nsenter',
      ['-t', String(daemon.pid), '-n', 'sh', '-c', `echo ${key} | nc -u -w1 -W1 127.0.0.1 8888`],
      { encoding: 'utf8' },
    )
}

const SANDBOX = needs('root', 'unshare', 'nsenter', 'nc', 'ip', 'mount')

test('on the host itself there is nothing to tell', async (t) => {
  const daemon = await startDaemon()
  t.after(() => daemon.stop())
  const reply = await daemon.ask('self\n')
  assert.match(reply, /^up=\d+s requests=1 refused=0 errors=0 drops=0 stall=\d+ms hung=0\n0\n$/)
})

test('another network namespace: the keys that speak of it are named', SANDBOX, async (t) => {
  const ask = await inside(t, ['-n'], ['ip link set lo up'], '')
  const reply = ask('self')
  assert.match(
    reply,
    /network namespace is not that of pid 1: of the sandbox speak nettraf nettraf0/,
  )
  assert.match(reply, /\/sys\/class\/net has other interfaces than \/proc: .* netlinksdown/)
  assert.doesNotMatch(reply, /diskusage|processd/)
  assert.equal(lastLine(reply), '2')
})

test('another mount namespace: the disk and file keys are named', SANDBOX, async (t) => {
  const ask = await inside(t, ['-m', '-n'], ['mount -t sysfs sysfs /sys', 'ip link set lo up'], '')
  assert.match(ask('self'), /mount namespace is not that of pid 1: of the sandbox speak diskusage /)
})

test('hidepid on /proc: the keys are named', SANDBOX, async (t) => {
  const ask = await inside(
    t,
    ['-m', '-n'],
    ['ip link set lo up', 'mount -t proc -o hidepid=2 proc /proc'],
    '',
  )
  assert.match(
    ask('self'),
    /\/proc is mounted with hidepid=\w+: hidden from process processd cmdline/,
  )
})

test(
  'another pid namespace, as in a container: all of those keys are named',
  SANDBOX,
  async (t) => {
    const line = `ip link set lo up && exec ${process.execPath} ${BIN} 8888 127.0.0.1`
    const args = ['-n', '-p', '-f', '--kill-child', '--mount-proc', 'sh', '-c', line]
    const daemon = await startCommand('unshare', args)
    t.after(() => daemon.process.kill('SIGKILL'))
    const reply = execFileSync(
      'nsenter',
      ['-t', String(daemon.pid), '-n', 'sh', '-c', 'echo self | nc -u -w1 -W1 127.0.0.1 8888'],
      { encoding: 'utf8' },
    )
    assert.match(
      reply,
      /pid namespace is not the host's: of the sandbox speak process .*nettraf.*diskusage/,
    )
  },
)

/** A directory to mount the host's root on, gone with the test. */
function mountPoint(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'knoerred-host-'))
  chmodSync(path, 0o755)
  mkdirSync(join(path, 'host'))
  t.after(() => rmSync(path, { recursive: true }))
  return join(path, 'host')
}

test(
  "in a container with the host mounted, net, mounts and disks are the host's",
  SANDBOX,
  async (t) => {
    const host = mountPoint(t)
    const commands = [`mount --rbind / ${host}`, 'ip link set lo up', 'mount -t tmpfs tmpfs /mnt']
    const options = `--proc ${host}/proc --sys ${host}/sys --root ${host}`
    const ask = await inside(t, ['-m', '-n'], commands, options)
    const own =
      readFileSync('/proc/1/net/dev', 'utf8')
        .match(/^ *(\w+):/gm)
        ?.map((n) => n.trim().slice(0, -1)) ?? []
    for (const name of own.filter((n) => n !== 'lo'))
      assert.match(ask(`nettraf/${name}`), new RegExp(`^${name} rx=`))
    const df = output('df', '--output=pcent', '/').split('\n')[1]?.replace('%', '').trim()
    assert.equal(lastLine(ask('diskusage/mnt')), df)
    assert.equal(lastLine(ask('cat/etc/hostname')), lastLine(readFileSync('/etc/hostname', 'utf8')))
    assert.equal(lastLine(ask('self')), '0')
  },
)

test('in a container where the host cannot be seen whole, self says so', SANDBOX, async (t) => {
  const host = mountPoint(t)
  const ask = await inside(
    t,
    ['-m', '-n'],
    [`mount --rbind / ${host}`, 'ip link set lo up'],
    `--proc ${host}/proc --sys ${host}/sys`,
  )
  assert.match(ask('self'), /--proc is given without --root: of the sandbox speak diskusage/)
})
