import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { checks } from '../../src/checks/index.ts'
import { builtins } from '../../src/commands/builtin.ts'
import { named } from '../../src/commands/index.ts'
import { answerer } from '../../src/core/answer.ts'
import { registry } from '../../src/core/registry.ts'
import type { Mount, Statfs, System } from '../../src/core/system.ts'
import { newVitals } from '../../src/core/vitals.ts'
import { LinuxSystem } from '../../src/readers/system.ts'
import { PLUGINS } from '../helpers/nrpe.ts'
import { fixture } from '../helpers/tools.ts'

const trees = (host: string | undefined): ConstructorParameters<typeof LinuxSystem>[0] => {
  const at = (tree: string): string => fixture(`${host}/${tree}`).pathname
  const own = { proc: '/proc', sys: '/sys', root: '/', cache: '/nonexistent' }
  const there = { proc: at('proc'), sys: at('sys'), root: at('root'), cache: at('cache') }
  return { ...(host === undefined ? own : there), deadline: 5_000, mostHung: 4 }
}

type Run = (line: string) => Promise<[number, string]>

/** Runs built-in commands on a system; words stand between blanks. */
function on(system: System): Run {
  const ask = answerer(registry(checks), system, (key, fault) => assert.fail(`${key}: ${fault}`))
  const run = builtins(named, { system, ask }, () => '0')
  return async (line) => {
    const words = line.split(' ')
    const { code, output } = await run(words)
    return [code, output]
  }
}

const host = on(new LinuxSystem(trees('linux-6.1'), newVitals()))
const own = on(new LinuxSystem(trees(undefined), newVitals()))

test('check_load: one limit or three, alone or by CPU', async () => {
  assert.deepEqual(await host('check_load -w 5,4,3 -c 10,6,4'), [
    0,
    'LOAD OK - total load average: 0.21, 0.37, 0.39|load1=0.210;5.000;10.000;0; load5=0.370;4.000;6.000;0; load15=0.390;3.000;4.000;0;',
  ])
  assert.equal((await host('check_load -w 5,4,.3 -c 10'))[0], 1)
  assert.equal((await host('check_load -w .1 -c .2'))[0], 2)
  assert.equal((await host('check_load -w 0.39 -c 1'))[0], 0)
  assert.match((await host('check_load -r -w 5 -c 10'))[1], /^LOAD OK - scaled load average: /)
  for (const wrong of ['', ' -w 1', ' -w a -c 1', ' -w 1,2,3,4 -c 1', ' -x', ' -w'])
    assert.equal((await host(`check_load${wrong}`))[0], 3, wrong)
})

test('check_swap: what is free, in bytes or percent', async () => {
  const [code, text] = await host('check_swap -w 20% -c 10%')
  assert.equal(code, 0)
  assert.match(text, /^SWAP OK - \d+% free \(\d+MB out of \d+MB\) \|swap=\d+B;\d+;\d+;0;\d+$/)
  assert.equal((await host('check_swap -w 100% -c 10%'))[0], 1)
  assert.equal((await host('check_swap -w 1 -c 99999999999999'))[0], 2)
  assert.equal((await host('check_swap -w x -c 1'))[0], 3)
  const none = on({ procRecord: () => 'Filename\t\t\tType\n' } as unknown as System)
  assert.equal((await none('check_swap -w 1 -c 1'))[0], 2)
  assert.equal((await none('check_swap -w 1 -c 1 -n ok'))[0], 0)
  assert.equal((await none('check_swap -w 1 -c 1 --no-swap=warning'))[0], 1)
})

test('check_users, check_uptime, check_mem on a fixture', async () => {
  assert.match(
    (await host('check_users -w 9 -c 9'))[1],
    /^USERS OK - \d+ users currently logged in\|users=\d+;9;9;0$/,
  )
  assert.equal((await host('check_users -w 9: -c 0:99'))[0], 1)
  assert.equal((await host('check_users -w 9'))[0], 3)
  const [, up] = await host('check_uptime -f -w 1:520w -c 1:600w')
  assert.match(
    up,
    /^OK: uptime is \d+ seconds\. Running for .+ seconds?\. \|uptime=\d+s;314496000;362880000;0$/,
  )
  assert.match(
    (await host('check_uptime -w 1 -c 2w'))[1],
    /^(WARNING|CRITICAL): uptime is \d+ seconds\. Exceeds upper (warn|crit) threshold\./,
  )
  assert.match((await host('check_uptime -w 500w: -c 1:'))[1], /^WARNING: .*Exceeds lower warn/)
  assert.equal((await host('check_uptime -w 1x -c 2'))[0], 3)
  assert.match(
    (await host('check_mem -w 0 -c 100'))[1],
    /^MEM WARNING - \d+% used, \d+MB of \d+MB available\|used=\d+%;0;100;0;100$/,
  )
  assert.match((await host('check_mem -f -w 100% -c 0%'))[1], /\|available=\d+%;100:;0:;0;100$/)
})

const COUNT = readdirSync(fixture('linux-6.1/proc')).filter((name) => /^\d+$/.test(name)).length

test('check_procs: every filter and metric, on a fixture', async () => {
  assert.deepEqual(await host('check_procs -w 1:99 -c 1:'), [
    0,
    `PROCS OK: ${COUNT} processes | procs=${COUNT};1:99;1:;0;`,
  ])
  assert.deepEqual(await host('check_procs -c 1: -C nosuch'), [
    2,
    "PROCS CRITICAL: 0 processes with command name 'nosuch' | procs=0;;1:;0;",
  ])
  assert.match(
    (await host('check_procs -C nginx'))[1],
    /^PROCS OK: \d+ process(es)? with command name 'nginx'/,
  )
  assert.match((await host('check_procs -s Z -w 0'))[1], /with STATE = Z \|/)
  assert.match((await host('check_procs -a nginx -p 1'))[1], /with PPID = 1, args 'nginx' \|/)
  assert.match(
    (await host('check_procs --ereg-argument-array=^/usr.*(d|x)$'))[1],
    /with regex args/,
  )
  assert.match(
    (await host('check_procs -z 1 -r 1 -P 0.5'))[1],
    /with VSZ >= 1, RSS >= 1, PCPU >= 0\.50 \|/,
  )
  for (const metric of ['VSZ', 'RSS', 'CPU', 'ELAPSED'])
    assert.match(
      (await host(`check_procs -m ${metric} -c 9999999999`))[1],
      new RegExp(
        `^${metric} OK: ${COUNT} processes \\| procs=${COUNT};;;0; procs_warn=0;;;0; procs_crit=0;;;0;$`,
      ),
    )
  assert.match(
    (await host('check_procs -m ELAPSED -w 0 -c 99999999999'))[1],
    /^ELAPSED WARNING: \d+ warn out of \d+ /,
  )
  for (const wrong of [
    '-m NONE',
    '-w x',
    '-p x',
    '-u no_such_user',
    '--ereg-argument-array=(',
    `--ereg-argument-array=${'a'.repeat(300)}`,
  ])
    assert.equal((await host(`check_procs ${wrong}`))[0], 3, wrong)
})

test('check_procs: own processes, by user, and without kernel threads', async () => {
  const user = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim()
  const id = execFileSync('id', ['-u'], { encoding: 'utf8' }).trim()
  const count = async (line: string): Promise<number> =>
    Number(/: (\d+) /.exec((await own(line))[1])?.[1])
  assert.ok((await count(`check_procs -u ${user}`)) > 0)
  assert.ok((await count(`check_procs -k -u ${id}`)) > 0)
  assert.match((await own(`check_procs -u ${id}`))[1], new RegExp(`with UID = ${id} \\(${user}\\)`))
})

test('a pattern of a client costs linear time', async () => {
  const start = performance.now()
  await own(`check_procs --ereg-argument-array=(((a*)*)*)*b`)
  await own(`check_procs --ereg-argument-array=(.*.*.*.*.*)*x$`)
  assert.ok(performance.now() - start < 5_000)
})

const MOUNTS = [
  ['/', 'ext4', '/dev/vda1'],
  ['/home', 'xfs', '/dev/vdb1'],
  ['/mnt/nfs', 'nfs4', 'server:/export'],
  ['/proc', 'proc', 'proc'],
  ['/run', 'tmpfs', 'tmpfs'],
  ['/empty', 'ramfs', 'none'],
  ['/fuse', 'fuse.sshfs', 'x:'],
].map(([point, type, source]) => ({ point, type, source })) as unknown as Mount[]

const SIZE: Statfs = {
  type: 0xef53,
  blockSize: 4096,
  blocks: 1_000_000,
  free: 300_000,
  available: 250_000,
  inodes: 1_000,
  inodesFree: 40,
}

const disks = on({
  deadline: 100,
  mounts: () => MOUNTS,
  statfs: (path: string) => {
    if (path === '/home/secret') throw Object.assign(new Error(), { code: 'EACCES' })
    if (path === '/mnt/nfs') throw Object.assign(new Error(), { code: 'ESTALE' })
    if (path.startsWith('/empty')) return { ...SIZE, blocks: 0, free: 0, available: 0 }
    if (path.startsWith('/fuse')) return { ...SIZE, type: 0x6573_5546 }
    if (path.startsWith('/run'))
      return { ...SIZE, free: 1_000_000, available: 1_000_000, inodes: 0 }
    return SIZE
  },
} as unknown as System)

test('check_disk: what is looked at, and how it is judged', async () => {
  const root = '/ 976MiB (26% inode=4%);|/=2867200000B;3686400000;3891200000;0;4096000000'
  assert.deepEqual(await disks('check_disk -w 10% -c 5% -p /'), [
    0,
    `DISK OK - free space: ${root}`,
  ])
  const name = async (line: string): Promise<string[]> =>
    [...((await disks(line))[1].split('|')[0]?.matchAll(/ (\/\S*) \S+ \(| (\/fuse) /g) ?? [])].map(
      (match) => (match[1] ?? match[2]) as string,
    )
  assert.deepEqual(await name('check_disk -w 1% -c 1% -l'), ['/', '/home', '/run'])
  assert.deepEqual(await name('check_disk -w 1% -c 1% -l -X tmpfs -x /dev/vdb1'), ['/'])
  assert.deepEqual(await name('check_disk -w 1% -c 1% -N xfs'), ['/home'])
  assert.deepEqual(await name('check_disk -w 1% -c 1% -r ^/h'), ['/home'])
  assert.deepEqual(await name('check_disk -w 1% -c 1% -R ^/H'), ['/home'])
  assert.deepEqual(await name('check_disk -w 1% -c 1% -l -A -i ^/(run|home)'), ['/'])
  assert.deepEqual(await name('check_disk -w 1% -c 1% -p /dev/vdb1'), ['/home'])
  assert.deepEqual(await name('check_disk -w 1% -c 1% -p /home/me -M'), ['/dev/vdb1'])
  assert.deepEqual(await disks('check_disk -w 30% -c 5% -p /').then(([code]) => code), 1)
  assert.deepEqual(await disks('check_disk -w 2000 -c 1000 -p /').then(([code]) => code), 2)
  assert.deepEqual(await disks('check_disk -w 1 -c 1 -u GB -p /').then(([code]) => code), 2)
  assert.deepEqual(await disks('check_disk -W 5% -K 3% -p /').then(([code]) => code), 1)
  assert.deepEqual(await disks('check_disk -W 5% -K 5% -p /run').then(([code]) => code), 0)
  assert.match(
    (await disks('check_disk -w 99% -c 5% -e -l'))[1],
    /^DISK WARNING - free space: \/ .*; \/home [^;]*;\|\/=/,
  )
})

test('check_disk: thresholds for the paths behind them, groups, inodes, devices', async () => {
  assert.equal((await disks('check_disk -w 1% -c 1% -p / -C -w 99% -c 1% -p /home'))[0], 1)
  assert.equal((await disks('check_disk -w 99% -c 1% -p / -C -w 1% -p /home'))[0], 1)
  assert.match(
    (await disks('check_disk -w 1000 -c 500 -g both -p / -p /home'))[1],
    /^DISK OK - free space: both 1953MiB \(26% inode=4%\);\|both=5734400000B;7143424000;7667712000;0;8192000000$/,
  )
  assert.match(
    (await disks('check_disk -w 1% -c 1% -W 1% -K 1% -P -M -p /'))[1],
    /^DISK OK - free space: \/dev\/vda1 .*\|\/dev\/vda1=.* '\/dev\/vda1 \(inodes\)'=960;990;990;0;1000$/,
  )
  assert.match((await disks('check_disk -f -w 0 -c 0 -p /'))[1], /;0;3891200000$/)
})

test('check_disk: what cannot be read is named, and costs nobody else', async () => {
  const [code, text] = await disks('check_disk -w 1% -c 1% -p /home/secret -p / -p /mnt/nfs')
  assert.equal(code, 2)
  assert.match(
    text,
    /^DISK CRITICAL - \/home\/secret is not accessible: Permission denied; \/mnt\/nfs is not accessible: ESTALE; free space: \/ /,
  )
  assert.match(
    (await disks('check_disk -w 1% -c 1% -E -p /home/x'))[1],
    /^DISK CRITICAL - \/home\/x is not accessible: not found/,
  )
  assert.match(
    (await disks('check_disk -w 1% -c 1% -p relative'))[1],
    /is not accessible: no absolute path/,
  )
  assert.match(
    (await disks('check_disk -w 1% -c 1% -p /fuse'))[1],
    /\/fuse size unknown on FUSE \(26% inode=4%\);\|$/,
  )
  assert.equal((await disks('check_disk -w 1 -c 1 -p /fuse'))[0], 3)
  for (const early of ['-p / -w 10%', '-r . -w 1', '-w 1 -C -p /'])
    assert.match((await disks(`check_disk ${early}`))[1], /^a threshold is wanted before --/, early)
  for (const wrong of ['-w x', '-w 101%', '-u X', '-r (', '-r ^/nosuch', '-Z'])
    assert.equal((await disks(`check_disk ${wrong} -p /`))[0], 3, wrong)
})

test('builtin: keys with thresholds of their own and in common', async () => {
  assert.deepEqual(await host('load1 -w 7 -c 30'), [0, 'OK - load1 0.21 | load1=0.21;7;30'])
  assert.deepEqual(await host('builtin load1 -w @0:1 -c 30 proccount -w 1'), [
    1,
    'WARNING - load1 0.21 0.21 0.37 0.39 1/719 19737, proccount 719 | load1=0.21;@0:1;30 proccount=719;1',
  ])
  assert.deepEqual(await host('-w 0 -c 1 load1 load5 -c 0.1'), [
    2,
    'CRITICAL - load1 0.21 0.21 0.37 0.39 1/719 19737, load5 0.37 0.21 0.37 0.39 1/719 19737 | load1=0.21;0;1 load5=0.37;0;0.1',
  ])
  assert.deepEqual(await host('load1 -W 1 -u s'), [
    1,
    'WARNING - load1 0.21s 0.21 0.37 0.39 1/719 19737 | load1=0.21s;1:',
  ])
  assert.deepEqual(await host('lod1 load1'), [
    3,
    'UNKNOWN - lod1 error: no such key: lod1, load1 0.21 | load1=0.21',
  ])
  assert.match(
    (await host('loadmulti -w 9999999'))[1],
    /load15 0\.39, .*load1 0\.21 \| .*load1=0\.21;9999999$/,
  )
  for (const wrong of ['load1 -w', 'load1 -w x', '-w 1', 'load1 -q', 'load1 -h'])
    assert.equal((await host(wrong))[0], 3, wrong)
})

test('a query of thousands of words is not followed', async () => {
  assert.deepEqual(await host(`check_disk -w 1${' -A'.repeat(254)}`), [
    3,
    'a built-in command has at most 256 words',
  ])
  assert.equal((await host('load1 '.repeat(256).trim()))[0], 0)
})

test('every option of a command is known to its parser', async () => {
  for (const { name, options } of named)
    for (const option of options) {
      const [, text] = await host(`${name} --${option.name}${option.value ? '=1' : ''}`)
      assert.doesNotMatch(text, /unknown option/, `${name} --${option.name}`)
    }
})

const REAL = {
  skip:
    existsSync(`${PLUGINS}/check_load`) || process.env['CI'] === 'true'
      ? false
      : 'needs monitoring-plugins',
}

test('the same words as the plugins of Debian', REAL, async () => {
  const words = (text: string): string =>
    text
      .replace(/\d+(\.\d+)?/g, 'N')
      .replace('processes', 'process')
      .replace(/\| /, '|')
      .trimEnd()
  for (const line of [
    'check_load -w 500,400,300 -c 1000,600,400',
    'check_load -r -w 500 -c 1000',
    'check_disk -w 1% -c 1% -p /',
    'check_disk -w 1 -c 1 -u GB -p /',
    'check_disk -w 100% -c 0% -W 1% -K 1% -P -p /',
    'check_disk -f -M -w 1% -c 1% -p /usr/lib',
    'check_swap -w 2% -c 1% -n ok',
    'check_procs -w 1: -c 1:',
    'check_procs -s Z -w 100000 -c 100000',
    'check_procs -m VSZ -w 999999999999 -c 999999999999',
    'check_procs -u root -a nosuchthing -C nosuchthing -w 1 -c 1',
  ]) {
    const [program = '', ...args] = line.split(' ')
    const real = execFileSync(
      'sh',
      ['-c', '"$0" "$@"; echo " $?"', `${PLUGINS}/${program}`, ...args],
      { encoding: 'utf8' },
    )
    const [code, text] = await own(line)
    assert.equal(
      words(`${text}\n ${code}`.replace(/ ?\n/, '\n')),
      words(real.replace(/; ?\n/, ';\n')),
      line,
    )
  }
})
