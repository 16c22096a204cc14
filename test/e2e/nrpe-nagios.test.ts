// A real Nagios 4 whose commands are check_nrpe, as sites have it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../helpers/daemon.ts'
import { MAIN, PEOPLE, type Service, startCore, status } from '../helpers/nagios.ts'
import { needsCheckNrpe, PLUGINS, startNrpe } from '../helpers/nrpe.ts'
import { needs } from '../helpers/tools.ts'

const NEEDED = needsCheckNrpe().skip ? needsCheckNrpe() : needs('root', 'nagios4')

const service = (name: string, command: string): string => `define service {
  host_name target
  service_description ${name}
  check_command ${command}
  check_interval 1
  retry_interval 1
  max_check_attempts 1
  check_period always
  notification_period always
  contacts nobody
}
`

const objects = (port: number): string => `${PEOPLE}
define command {
  command_name check_nrpe
  command_line ${PLUGINS}/check_nrpe -D -H $HOSTADDRESS$ -p ${port} -t 15 -c $ARG1$ -a $ARG2$
}
define command {
  command_name check_nrpe_1arg
  command_line ${PLUGINS}/check_nrpe -D -H $HOSTADDRESS$ -p ${port} -t 15 -c $ARG1$
}
define host {
  host_name target
  address 127.0.0.1
  check_command nothing
  max_check_attempts 1
  check_period always
  notification_period always
  contacts nobody
}
${service('load', 'check_nrpe!check_load!-w 9999 -c 9999')}
${service('disk', 'check_nrpe!check_disk!-w 100% -c 0% -p /')}
${service('key', 'check_nrpe_1arg!key')}
${service('plugin', 'check_nrpe_1arg!plugin')}
${service('undefined', 'check_nrpe_1arg!nosuch')}
`

test('Nagios 4 by check_nrpe: states, texts, performance data, long output', NEEDED, async (t) => {
  const daemon = await startNrpe(
    t,
    `dont_blame_nrpe=1
command[key]=builtin proccount -w 1:1 -c 999999
command[plugin]=sh -c 'printf "CRITICAL - two lines | x=1;2;3\\nsecond\\n"; exit 2'
`,
  )
  const run = mkdtempSync('/tmp/knag-')
  mkdirSync(join(run, 'var/spool'), { recursive: true })
  writeFileSync(join(run, 'objects.cfg'), objects(daemon.port))
  writeFileSync(join(run, 'resource.cfg'), '')
  const main = `cfg_file=objects.cfg\n${MAIN}nagios_user=nagios\nnagios_group=nagios\n`
  writeFileSync(join(run, 'nagios.cfg'), main)
  chmodSync(run, 0o755)
  execFileSync('chown', ['-R', 'nagios:nagios', run])
  await startCore(t, run)
  const becomes = async (name: string, state: number): Promise<Service> => {
    await until(`${name} is ${state}`, () => status(run, 'target', name)?.state === state, 2_000)
    return status(run, 'target', name) as Service
  }
  const load = await becomes('load', 0)
  assert.match(load.output, /^LOAD OK - total load average: /)
  assert.match(load.perfdata, /^load1=[\d.]+;9999\.000;9999\.000;0; load5=/)
  assert.match((await becomes('disk', 1)).output, /^DISK WARNING - free space: \/ /)
  assert.match((await becomes('key', 1)).perfdata, /^proccount=\d+;1:1;999999$/)
  const { output, perfdata } = await becomes('plugin', 2)
  assert.deepEqual([output, perfdata], ['CRITICAL - two lines', 'x=1;2;3'])
  assert.equal((await becomes('undefined', 3)).output, "NRPE: Command 'nosuch' not defined")
})
