// What knoerre-conf writes is started: under svscan and supervise, and by the line of the unit.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { daemontoolsFiles, systemdUnit } from '../../src/conf/service.ts'
import { asSelf, startCommand, until } from '../helpers/daemon.ts'
import { get, httpPort } from '../helpers/http.ts'
import { DAEMONTOOLS, startScan } from '../helpers/scan.ts'
import { directory, needs, output } from '../helpers/tools.ts'

const DIST = new URL('../../dist/bin/', import.meta.url).pathname
const EXAMPLE = new URL('../../examples/systemd/knoerred.service', import.meta.url)

const conf = (...args: string[]) =>
  spawnSync(process.execPath, [`${DIST}knoerre-conf.cjs`, ...args], { encoding: 'utf8' })

const uidOf = (name: string): string => output('id', '-u', name).trim()

/** Type and permissions as ls shows them, and the owner. */
const modeOf = (path: string): string => output('stat', '-c', '%A %U', path).trim()

test(
  'a service directory runs under svscan, both doors open, its settings in env',
  needs(...DAEMONTOOLS),
  async (t) => {
    const top = mkdtempSync(join(tmpdir(), 'knoerred-'))
    const service = join(top, 'knoerred')
    const made = conf('--http', '8889', 'nobody', 'daemon', service, '8888', '127.0.0.1')
    assert.deepEqual([made.status, made.stdout, made.stderr], [0, '', ''])
    for (const [path, mode] of [
      ['', 'drwxr-sr-t root'],
      ['env', 'drwxr-sr-x root'],
      ['log', 'drwxr-sr-x root'],
      ['log/main', 'drwxr-sr-x daemon'],
      ['run', '-rwxr-xr-x root'],
      ['log/run', '-rwxr-xr-x root'],
      ['env/CLIENTS', '-rw-r--r-- root'],
    ] as const)
      assert.equal(modeOf(join(service, path)), mode, path)

    const inside = await startScan(t, top, service)
    const udp = (port: number): boolean =>
      /^\d+\.\d\d$/m.test(inside(`echo load1 | nc -u -w1 -W1 127.0.0.1 ${port} || true`))
    await until('an answer over UDP', () => udp(8888))
    const http = `${process.execPath} ${DIST}check_remote_by_http.cjs -H 127.0.0.1 -p 8889 load1`
    assert.match(inside(http), /^REMOTE OK - \d/)
    const log = join(service, 'log/main/current')
    await until('the log', () => existsSync(log) && /ready: /.test(readFileSync(log, 'utf8')))

    writeFileSync(join(service, 'env/PORT'), '8890\n')
    execFileSync('svc', ['-t', service])
    await until('an answer on the other port', () => udp(8890))
  },
)

test(
  'a unit that systemd takes, and whose line runs',
  needs('root', 'systemd-analyze'),
  async (t) => {
    const path = directory(t)
    const made = conf(
      '--systemd',
      '--program',
      'knoerrehd',
      'daemon',
      'daemon',
      path,
      '0',
      '127.0.0.1',
    )
    assert.deepEqual([made.status, made.stderr], [0, ''])
    const unit = readFileSync(join(path, 'knoerrehd.service'), 'utf8')
    assert.match(unit, /^User=daemon$/m)
    assert.match(unit, /^Description=knoerrehd, /m)
    const verified = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', join(path, 'knoerrehd.service')],
      {
        encoding: 'utf8',
      },
    )
    assert.deepEqual([verified.status, verified.stderr], [0, ''])
    const [command = '', ...words] = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? []
    const httpd = await startCommand(command, words, asSelf())
    t.after(() => httpd.stop())
    assert.equal((await get(httpPort(httpd.log()), '/load1')).status, 200)
  },
)

test(
  'an account by its number is named, and a package below any path is found',
  needs('root'),
  (t) => {
    const path = directory(t)
    const bin = join(path, 'a b%/dist/bin')
    mkdirSync(bin, { recursive: true })
    for (const name of ['knoerre-conf.cjs', 'knoerred.cjs'])
      copyFileSync(join(DIST, name), join(bin, name))
    const made = spawnSync(
      process.execPath,
      [
        join(bin, 'knoerre-conf.cjs'),
        uidOf('nobody'),
        uidOf('daemon'),
        join(path, 's'),
        '1',
        '::1',
      ],
      { encoding: 'utf8' },
    )
    assert.deepEqual([made.status, made.stderr], [0, ''])
    const run = readFileSync(join(path, 's/run'), 'utf8')
    assert.ok(
      run.includes(` envuidgid nobody ${process.execPath} '${join(bin, 'knoerred.cjs')}'\n`),
      run,
    )
    assert.match(readFileSync(join(path, 's/log/run'), 'utf8'), /setuidgid daemon multilog/)
  },
)

test('nothing is overwritten, and what failed leaves nothing behind', needs('root'), (t) => {
  const path = directory(t)
  const service = join(path, 'service')
  mkdirSync(service)
  writeFileSync(join(service, 'run'), 'mine')
  const again = conf('nobody', 'nobody', service, '8888', '::1')
  assert.equal(again.status, 111)
  assert.match(again.stderr, /^knoerre-conf: fatal: unable to create .*: file already exists\n$/)
  assert.equal(readFileSync(join(service, 'run'), 'utf8'), 'mine')
  const unit = ['--systemd', 'nobody', 'nobody', path, '8888', '::1'] as const
  assert.equal(conf(...unit).status, 0)
  assert.match(conf(...unit).stderr, /unable to create .*knoerred\.service: file already exists/)
  const deep = join(path, 'none/service')
  assert.match(
    conf('nobody', 'nobody', deep, '1', '::1').stderr,
    /unable to create .*: no such file/,
  )
})

for (const [args, status, sentence] of [
  ['nobody nobody', 100, /acct, logacct and a directory are wanted/],
  ['nobody nobody service 8888 ::1', 100, /"service" is no absolute path/],
  ['nobody nobody /none/x 8888', 100, /at least one client is wanted/],
  ['nobody nobody /none/x 8888 localhost', 100, /client "localhost" is a name/],
  ['nobody nobody /none/x 88888 ::1', 100, /port is a number from 0 to 65535/],
  ['nobody2 nobody /none/x 8888 ::1', 111, /unable to find user nobody2 in \/etc\/passwd/],
  ['nobody nobody2 /none/x 8888 ::1', 111, /unable to find user nobody2 in \/etc\/passwd/],
  ['--program sh nobody nobody /none/x 8888 ::1', 100, /neither knoerred nor knoerrehd/],
  ['--program knoerrehd --http 1 nobody nobody /none/x 8888 ::1', 100, /--http is for knoerred/],
] as const)
  test(`knoerre-conf ${args}: a sentence`, () => {
    const found = conf(...args.split(' '))
    assert.equal(found.status, status)
    assert.match(found.stderr, sentence)
  })

const odd = {
  account: 'nobody',
  logAccount: 'nobody',
  options: [],
  port: '8888',
  clients: ['::1', '10.0.0.0/8'],
}

test(
  'a path with blanks, quotes and dollars is the same in the run script',
  needs('envdir', 'envuidgid'),
  (t) => {
    const path = directory(t)
    const program = join(path, `it's a $HOME "place"`)
    writeFileSync(program, '#!/bin/sh\nprintf "%s\\n" "$0" "$@" "$UID"\n', { mode: 0o755 })
    for (const name of ['env', 'log']) mkdirSync(join(path, name))
    for (const file of daemontoolsFiles({ ...odd, command: [program] }))
      writeFileSync(join(path, file.path), file.text, { mode: file.mode })
    const said = execFileSync(join(path, 'run'), { cwd: path, encoding: 'utf8' })
    const uid = output('id', '-u', 'nobody')
    assert.equal(said, `${program}\n8888\n::1\n10.0.0.0/8\n${uid}`)
    assert.ok(statSync(join(path, 'run')).mode & 0o100)
  },
)

test('and in the unit, as systemd.service(5) has it', () => {
  const unit = systemdUnit(readFileSync(EXAMPLE, 'utf8'), 'knoerred', {
    ...odd,
    command: ['/usr/bin/node', '/a b/50%/$x/"'],
  })
  assert.match(
    unit,
    /^ExecStart=\/usr\/bin\/node "\/a b\/50%%\/\$\$x\/\\"" 8888 ::1 10\.0\.0\.0\/8$/m,
  )
})
