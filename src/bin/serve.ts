import { checks } from '../checks/index.ts'
import { answerer } from '../core/answer.ts'
import { type Registry, registry } from '../core/registry.ts'
import type { Sets } from '../core/sets.ts'
import type { RunningSystem } from '../core/system.ts'
import { newVitals, type Vitals } from '../core/vitals.ts'
import type { Door, Room } from '../doors/door.ts'
import { hourly } from '../doors/hourly.ts'
import type { Log } from '../doors/log.ts'
import { dropPrivileges, type Identity } from '../doors/privileges.ts'
import { readUser } from '../readers/passwd.ts'
import { startPool } from '../readers/pool.ts'
import { readSets } from '../readers/sets.ts'
import { LinuxSystem } from '../readers/system.ts'
import type { HostOptions } from './host.ts'
import { end, mostHung } from './threads.ts'

/** What can be asked. */
export interface Known {
  readonly table: Registry
  readonly sets: Sets
}

/**
 * The life of a process that answers for a host: opens its doors, becomes its user, starts to
 * sample, says `ready`, and ends with exit code 0 after TERM or INT. Rejects with a sentence.
 */
export async function serve(
  options: HostOptions,
  log: Log,
  makeDoors: (room: Room, known: Known) => readonly Door[] | Promise<readonly Door[]>,
  hint: (doors: readonly Door[]) => string = () => '',
): Promise<void> {
  const table = registry(checks)
  const sets = readSets(options.sets, table)
  const identity = identityFor(options.user)
  const vitals = newVitals()
  const system = await systemOf(options, vitals)
  const hourlyLog = hourly(log)
  const tell = (key: string, fault: unknown): void =>
    hourlyLog(key, `fault in ${key}: ${fault instanceof Error ? fault.stack : fault}`)
  const ask = answerer(table, system, tell, sets)
  const doors: Door[] = []
  const stop = (): void => {
    for (const door of doors) door.close()
    system.close()
    end(system, 0)
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)
  doors.push(...(await makeDoors({ ask, log, hourly: hourlyLog, vitals }, { table, sets })))
  for (const door of doors) await door.open()
  await startPool()
  if (identity) dropPrivileges(identity)
  await system.start()
  for (const key of OPENED) await ask({ key })
  const places = doors.flatMap(({ places }) => places).join(' ')
  const notice = options.source === 'portable' ? '; source portable: it starts processes' : ''
  log(`ready: ${places}${notice}${hint(doors)}`)
}

/** The portable source is loaded only where it is used. */
async function systemOf(options: HostOptions, vitals: Vitals): Promise<RunningSystem> {
  const given = { ...options, mostHung: mostHung(), platform: process.platform }
  if (options.source === 'linux') return new LinuxSystem(given, vitals)
  const { PortableSystem } = await import('../readers/portable.ts')
  return new PortableSystem(given, vitals)
}

/** Keys that a host in trouble is asked: what they read is opened while there are descriptors. */
const OPENED = [
  'loadmulti',
  'uptime',
  'mem',
  'fds',
  'running',
  'sockets',
  'oomkills',
  'pressure/cpu',
  'pressure/io',
  'pressure/memory',
]

/** Whom root becomes: --user, else UID and GID of the environment (envuidgid), else nobody. */
function identityFor(user: string | undefined): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined
  const { UID, GID } = process.env
  if (user === undefined && UID !== undefined && GID !== undefined) {
    if (!/^\d{1,9}$/.test(UID) || !/^\d{1,9}$/.test(GID))
      throw new Error('unable to drop privileges: UID and GID are not numbers')
    return { uid: Number(UID), gid: Number(GID) }
  }
  const identity = readUser(user ?? 'nobody')
  if (!identity) throw new Error(`unable to find user ${user ?? 'nobody'} in /etc/passwd`)
  return identity
}
