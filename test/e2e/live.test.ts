// The daemon on this host beside what coreutils and procps print at the same moment.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { askUntil, type Daemon, lastLine, startDaemon } from '../helpers/daemon.ts'
import { agree as agreeOn, askValue } from '../helpers/live.ts'
import { needs, output } from '../helpers/tools.ts'

let daemon: Daemon
before(async () => {
  daemon = await startDaemon()
})
after(() => daemon.stop())

const value = (key: string): Promise<string> => askValue(daemon, key)
const agree = (key: string, other: () => string, within = 0): Promise<void> =>
  agreeOn(daemon, key, other, within)

for (const path of ['/', '/dev/shm', '/tmp', '/etc/passwd']) {
  const df = (column: string): string =>
    (output('df', `--output=${column}`, path).split('\n')[1] ?? '').replace('%', '').trim()
  test(`diskusage${path} as df prints it`, needs('df'), () =>
    agree(`diskusage${path}`, () => df('pcent')),
  )
  test(`diskinodes${path} as df prints it`, needs('df'), () =>
    agree(`diskinodes${path}`, () => df('ipcent').replace('-', '0')),
  )
}

test('load1, load5, load15 as /proc/loadavg has them', async () => {
  for (const [i, key] of ['load1', 'load5', 'load15'].entries())
    await agree(key, () => readFileSync('/proc/loadavg', 'utf8').split(' ')[i] ?? '')
})

test('proccounttg as ps -e counts, less ps itself', needs('ps'), () =>
  agree('proccounttg', () =>
    String(output('ps', '-e', '-o', 'pid=').trim().split('\n').length - 1),
  ),
)

test('proccount as ps -eL counts threads', needs('ps'), () =>
  agree(
    'proccount',
    () => String(output('ps', '-eL', '-o', 'lwp=').trim().split('\n').length - 1),
    1,
  ),
)

test('process/NAME as ps -C counts', needs('ps', 'sleep'), async (t) => {
  const sleepers = [1, 2, 3].map(() => spawn('sleep', ['77'], { stdio: 'ignore' }))
  t.after(() => {
    for (const sleeper of sleepers) sleeper.kill('SIGKILL')
  })
  await Promise.all(sleepers.map((sleeper) => once(sleeper, 'spawn')))
  const counted = (): string =>
    String(output('ps', '-C', 'sleep', '-o', 'pid=').trim().split('\n').length)
  assert.ok(Number(counted()) >= 3)
  await agree('process/sleep', counted)
})

test('swaps as free has them', needs('free'), async () => {
  const [, total = 0, used = 0] = (/^Swap:.*$/m.exec(output('free', '-b'))?.[0] ?? '')
    .split(/\s+/)
    .map(Number)
  await agree('swaps', () => String(total === 0 ? 0 : Math.round((used * 100) / total)), 1)
})

test('the shares of the CPUs are what all CPUs of nproc did', needs('nproc'), async () => {
  const cpus = readFileSync('/proc/stat', 'utf8').match(/^cpu\d/gm) ?? []
  assert.equal(cpus.length, Number(output('nproc', '--all')))
  const reply = await askUntil(daemon, 'cpuI\n', (text) => !text.startsWith('error'))
  const [, u = 101, s = 101, w = 101] = (/u(\d+)s(\d+)w(\d+)/.exec(reply) ?? []).map(Number)
  assert.ok(u + s + w <= Number(lastLine(reply)) && Number(lastLine(reply)) <= 100, reply)
})

test('hostname as hostname(1) says', needs('hostname'), async () => {
  assert.equal(await value(`hostname/${output('hostname').trim()}`), '0')
  assert.equal(await value('hostname/not-this-one'), '1')
})

test('timediff is nothing on the same clock', async () => {
  assert.ok(Number(await value(`timediff/${Math.floor(Date.now() / 1000)}`)) <= 1)
})

test('netlinksdown names the interfaces that are up', async () => {
  const reply = await daemon.ask('netlinksdown\n')
  const up = readdirSync('/sys/class/net').filter(
    (name) => Number(readFileSync(`/sys/class/net/${name}/flags`, 'utf8')) & 1,
  )
  const named = (reply.split('\n')[0] ?? '').replaceAll(':down', '').split(',')
  assert.deepEqual(named.sort(), up.sort())
})

test(
  'wc-l, cmp, cat and filetimestamp as the programs say',
  needs('wc', 'cmp', 'stat'),
  async () => {
    assert.equal(await value('wc-l/etc/passwd'), output('wc', '-l', '/etc/passwd').split(' ')[0])
    assert.equal(await value('cmp/etc/passwd//etc/passwd'), '0')
    assert.equal(await value('cmp/etc/passwd//etc/group'), '1')
    assert.equal(await value('cat/etc/passwd'), lastLine(readFileSync('/etc/passwd', 'utf8')))
    const mtime = Number(output('stat', '-c', '%Y', '/etc/passwd'))
    // stat(1) prints no fractions.
    await agree('filetimestamp/etc/passwd', () => String(Math.floor(Date.now() / 1000) - mtime), 1)
  },
)

test('cat reads files of /proc, whose size says nothing', async () => {
  assert.equal(await value('cat/proc/version'), readFileSync('/proc/version', 'utf8').trimEnd())
})
