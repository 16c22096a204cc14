// A real Nagios 4 with the objects of examples/nagios, and Icinga's check of examples/icinga2.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Daemon, startDaemon, until } from '../helpers/daemon.ts'
import { httpPort } from '../helpers/http.ts'
import { MAIN, PEOPLE, startCore, status } from '../helpers/nagios.ts'
import { directory, fixtureHost, needs, withRates } from '../helpers/tools.ts'

const EXAMPLES = new URL('../../examples/', import.meta.url).pathname
const BIN = new URL('../../dist/bin/', import.meta.url).pathname
const PROGRAMS = ['udp', 'udp_multi', 'udp_time', 'http'].map((name) => `check_remote_by_${name}`)

const OBJECTS = `${PEOPLE}define service {
  use knoerred-passive
  host_name target
  service_description spooled
}
`

/** A directory for a core: the examples, their port and pipe changed to what the test has. */
function configuration(daemon: Daemon, more: string): string {
  const run = mkdtempSync('/tmp/knag-')
  mkdirSync(join(run, 'var/spool'), { recursive: true })
  mkdirSync(join(run, 'plugins'))
  for (const name of PROGRAMS) symlinkSync(`${BIN}${name}.cjs`, join(run, 'plugins', name))
  const files = ['commands', 'templates', 'services', 'passive', 'http']
  for (const file of files) {
    const text = readFileSync(`${EXAMPLES}nagios/${file}.cfg`, 'utf8')
    const here = text
      .replaceAll('-p 8888', `-p ${daemon.port}`)
      .replaceAll('-p 8080', `-p ${httpPort(daemon.log())}`)
      .replaceAll('udp_multi -I', `udp_multi --pipe ${run}/var/nagios.cmd -I`)
      .replaceAll(/max_check_attempts +3/g, 'max_check_attempts 1')
    writeFileSync(join(run, `${file}.cfg`), here)
  }
  writeFileSync(join(run, 'objects.cfg'), OBJECTS)
  writeFileSync(join(run, 'resource.cfg'), `$USER1$=${run}/plugins\n`)
  const all = ['objects', ...files].map((file) => `cfg_file=${file}.cfg\n`).join('')
  writeFileSync(
    join(run, 'nagios.cfg'),
    `${all}${MAIN}nagios_user=nagios\nnagios_group=nagios\n${more}`,
  )
  chmodSync(run, 0o755)
  execFileSync('chown', ['-R', 'nagios:nagios', run])
  return run
}

async function core(t: TestContext, daemon: Daemon, more = ''): Promise<string> {
  const run = configuration(daemon, more)
  await startCore(t, run)
  return run
}

const NAGIOS = needs('root', 'nagios4')

test('Nagios 4: states follow values and faults, actively and passively', NAGIOS, async (t) => {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  const daemon = await startDaemon([...options, '--http', '0'])
  let running = true
  t.after(() => (running ? daemon.stop() : undefined))
  await withRates(daemon, path)
  // A round of all services each two seconds is what a busy machine can do.
  const run = await core(t, daemon, 'interval_length=2\n')
  const becomes = (host: string, service: string, state: number): Promise<void> =>
    until(
      `${host} ${service} is ${state}`,
      () => status(run, host, service)?.state === state,
      2_000,
    )

  await becomes('target', 'load1', 0)
  assert.deepEqual(status(run, 'target', 'load1'), {
    state: 0,
    output: 'REMOTE OK - 0.21',
    perfdata: 'load1=0.21;7;30',
  })
  await becomes('target', 'load1 over HTTP', 0)
  await becomes('web1', 'load1', 0)
  await becomes('web1', 'cpuI', 0)
  assert.equal(status(run, 'web1', 'cpuI')?.perfdata, 'cpuI=40;95;98')
  await becomes('web1', 'netlinksdown', 1)
  await becomes('target', 'disk root', status(run, 'target', 'disk root')?.state ?? 0)

  const loadavg = (load: string): void => {
    const file = openSync(join(path, 'proc/loadavg'), 'r+')
    writeSync(file, `${load} 0.37 0.39 1/719 19737\n`, 0)
    closeSync(file)
  }
  loadavg('8.00')
  await becomes('target', 'load1', 1)
  await becomes('target', 'load1 over HTTP', 1)
  await becomes('web1', 'load1', 1)
  assert.equal(
    status(run, 'target', 'load1')?.output,
    'REMOTE WARNING - 8.00 8.00 0.37 0.39 1/719 19737',
  )
  loadavg('31.0')
  await becomes('target', 'load1', 2)
  running = false
  await daemon.stop()
  await becomes('target', 'load1', 3)
  assert.match(status(run, 'target', 'load1')?.output ?? '', /REMOTE UNKNOWN - connection refused/)
  await becomes('web1', 'cpuI', 3)
})

test('Nagios 4: passive results by the spool directory', NAGIOS, async (t) => {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  const daemon = await startDaemon([...options, '--http', '0'])
  t.after(() => daemon.stop())
  await withRates(daemon, path)
  // Seventy plugins a second are more than a busy machine does beside reading the spool.
  const run = await core(t, daemon, 'execute_service_checks=0\n')
  const args = [
    '-I',
    '127.0.0.1',
    '-H',
    'target',
    '-p',
    String(daemon.port),
    '--spool',
    join(run, 'var/spool'),
  ]
  const groups = [
    '-k',
    'load1',
    '-w',
    '600',
    '-c',
    '700',
    '-s',
    'spooled',
    '-k',
    'proccount',
    'loadmulti',
  ]
  // As the user of the core, as a check would run: the core deletes what it has read.
  execFileSync('setpriv', [
    '--reuid=nagios',
    '--regid=nagios',
    '--clear-groups',
    join(run, 'plugins/check_remote_by_udp_multi'),
    ...args,
    ...groups,
  ])
  await until('the spooled result is there', () => status(run, 'target', 'spooled'), 2_000)
  assert.deepEqual(status(run, 'target', 'spooled'), {
    state: 2,
    output: 'REMOTE CRITICAL - 719',
    perfdata: 'proccount=719;600;700',
  })
})

test('Icinga 2 takes the CheckCommands', needs('root', 'icinga2'), (t) => {
  const path = directory(t)
  const main = join(path, 'icinga2.conf')
  writeFileSync(
    main,
    `include <itl>\ninclude "${EXAMPLES}icinga2/knoerred.conf"\nconst PluginDir = "${BIN}"
object Host "web1" {\n  check_command = "dummy"\n  address = "127.0.0.1"\n  vars.knoerred = true\n}\n`,
  )
  const said = execFileSync('icinga2', ['daemon', '-C', '-c', main], {
    encoding: 'utf8',
    env: { ...process.env, ICINGA2_USER: 'root', ICINGA2_GROUP: 'root' },
  })
  assert.match(said, /Instantiated 1 Service/)
  assert.match(said, /Finished validating the configuration file/)
})
