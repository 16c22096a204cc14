// A Nagios core of Debian for one test, everything of it below one directory.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { until } from './daemon.ts'

/** Minimal main configuration: everything below one directory, checks every second. */
export const MAIN: string = `log_file=var/nagios.log
status_file=var/status.dat
object_cache_file=var/objects.cache
precached_object_file=var/objects.precache
state_retention_file=var/retention.dat
lock_file=var/nagios.pid
temp_path=var
temp_file=nagios.tmp
check_result_path=var/spool
command_file=var/nagios.cmd
query_socket=var/nagios.qh
resource_file=resource.cfg
interval_length=1
check_workers=1
service_check_timeout=20
service_inter_check_delay_method=n
max_service_check_spread=1
check_result_reaper_frequency=1
status_update_interval=1
check_external_commands=1
accept_passive_service_checks=1
execute_service_checks=1
execute_host_checks=0
enable_notifications=0
enable_event_handlers=0
retain_state_information=0
check_for_updates=0
use_syslog=0
illegal_macro_output_chars=\`~$&|'"
`

/** Objects that every configuration needs. */
export const PEOPLE: string = `define timeperiod {
  timeperiod_name always
  alias always
${['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => `  ${day} 00:00-24:00\n`).join('')}}
define command {
  command_name nothing
  command_line /bin/true
}
define contact {
  contact_name nobody
  host_notifications_enabled 0
  service_notifications_enabled 0
  host_notification_period always
  service_notification_period always
  host_notification_options n
  service_notification_options n
  host_notification_commands nothing
  service_notification_commands nothing
}
`

export interface Service {
  readonly state: number
  readonly output: string
  readonly perfdata: string
}

/** What status.dat says of a service; undefined before it was checked. */
export function status(run: string, host: string, service: string): Service | undefined {
  const path = join(run, 'var/status.dat')
  if (!existsSync(path)) return undefined
  for (const block of readFileSync(path, 'utf8').split('servicestatus {').slice(1)) {
    const value = (name: string): string => new RegExp(`\\n\\t${name}=(.*)`).exec(block)?.[1] ?? ''
    if (value('host_name') !== host || value('service_description') !== service) continue
    if (value('has_been_checked') !== '1') return undefined
    const state = Number(value('current_state'))
    return { state, output: value('plugin_output'), perfdata: value('performance_data') }
  }
  return undefined
}

/** Starts the core of a directory; both go with the test. */
export async function startCore(t: TestContext, run: string): Promise<void> {
  execFileSync('nagios4', ['-v', join(run, 'nagios.cfg')], { stdio: 'pipe' })
  const nagios = spawn('nagios4', [join(run, 'nagios.cfg')], { stdio: 'ignore' })
  t.after(async () => {
    const ended = once(nagios, 'exit')
    nagios.kill('SIGTERM')
    await ended
    rmSync(run, { recursive: true })
  })
  const pipe = join(run, 'var/nagios.cmd')
  await until('the command pipe is there', () => existsSync(pipe) && statSync(pipe).isFIFO())
}
