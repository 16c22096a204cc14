import { checks } from '../checks/index.ts'
import { answerer } from '../core/answer.ts'
import { type Registry, registry } from '../core/registry.ts'
import type { Sets } from '../core/sets.ts'
import type { RunningSystem, System } from '../core/system.ts'
import { newVitals, type Vitals } from '../core/vitals.ts'
import type { Door, Room } from '../doors/door.ts'
import { hourly } from '../doors/hourly.ts'
import type { Log } from '../doors/log.ts'
import { dropPrivileges, type Identity } from '../doors/privileges.ts'
import { startPool } from '../readers/pool.ts'
import { readSets } from '../readers/sets.ts'
import { LinuxSystem } from '../readers/system.ts'
import type { HostOptions } from './host.ts'
import { identityFor } from './identity.ts'
import { end, mostHung } from './threads.ts'

/** What can be asked, and of whom. */
export interface Known {
  readonly table: Registry
  readonly sets: Sets
  readonly system: System
}

/** What a program does beside serving. */
export interface Habits {
  /** On HUP; undefined: that signal ends the process. */
  readonly reload?: () => void
  /** Just before the end, when what was begun is answered or its time is up. */
  readonly end?: () => void
  /** Whom root becomes, unless the command line says so. */
  readonly identity?: Identity | undefined
}

/** Milliseconds that are left to what was begun, after TERM. */
const GRACE = 5_000

/**
 * The life of a process that answers for a host: opens its doors, becomes its user, starts to
 * sample, says `ready`, and ends with exit code 0 after TERM or INT. Rejects with a sentence.
 */
export async function serve(
  options: HostOptions,
  log: Log,
  makeDoors: (room: Room, known: Known) => readonly Door[] | Promise<readonly Door[]>,
  hint: (doors: readonly Door[]) => string = () => '',
  habits: Habits = {},
): Promise<void> {
  const table = registry(checks)
  const sets = readSets(options.sets, table)
  const identity = identityFor(options.user, habits.identity)
  const vitals = newVitals()
  const system = await systemOf(options, vitals)
  const hourlyLog = hourly(log)
  const tell = (key: string, fault: unknown): void =>
    hourlyLog(key, `fault in ${key}: ${fault instanceof Error ? fault.stack : fault}`)
  const ask = answerer(table, system, tell, sets)
  const doors: Door[] = []
  let stopping = false
  const stop = async (): Promise<void> => {
    // Who asks twice does not want to wait.
    if (!stopping) {
      stopping = true
      await drained(doors)
    }
    habits.end?.()
    for (const door of doors) door.close()
    system.close()
    end(system, 0)
  }
  process.on('SIGTERM', () => void stop()).on('SIGINT', () => void stop())
  if (habits.reload) process.on('SIGHUP', habits.reload)
  const room = { ask, log, hourly: hourlyLog, vitals }
  doors.push(...(await makeDoors(room, { table, sets, system })))
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

/** Waits for what was begun, as long as there is grace. A door that cannot wait is closed at once. */
async function drained(doors: readonly Door[]): Promise<void> {
  const waits = doors.flatMap((door) => (door.drain ? [door.drain()] : []))
  for (const door of doors) if (!door.drain) door.close()
  if (waits.length === 0) return
  const late = new Promise((resolve) => setTimeout(resolve, GRACE))
  await Promise.race([Promise.all(waits), late])
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
