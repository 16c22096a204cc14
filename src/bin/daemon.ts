import { checks } from '../checks/index.ts'
import { UsageError } from '../clients/argv.ts'
import { answerer } from '../core/answer.ts'
import { registry } from '../core/registry.ts'
import { newVitals } from '../core/vitals.ts'
import { hourly } from '../doors/hourly.ts'
import { type Log, logTo } from '../doors/log.ts'
import { dropPrivileges, type Identity } from '../doors/privileges.ts'
import { UdpDoor } from '../doors/udp.ts'
import { readAddresses } from '../readers/addresses.ts'
import { readUser } from '../readers/passwd.ts'
import { LinuxSystem } from '../readers/system.ts'
import { type DaemonOptions, HELP, readOptions, SYNOPSIS } from './options.ts'
import { version } from './version.ts'

/** The daemon's life: the command line, the run, and exit codes 0, 100 and 111. */
export async function main(argv: readonly string[]): Promise<void> {
  const log = logTo(process.stderr)
  try {
    const options = readOptions(argv)
    if (options === 'help') process.stdout.write(HELP)
    else if (options === 'version') process.stdout.write(`knoerred ${version()}\n`)
    else await run(options, log)
  } catch (error) {
    const usage = error instanceof UsageError
    log(usage ? `usage: ${SYNOPSIS}: ${error.message}` : `fatal: ${(error as Error).message}`)
    process.exitCode = usage ? 100 : 111
  }
}

async function run(options: DaemonOptions, log: Log): Promise<void> {
  const identity = identityFor(options.user)
  const vitals = newVitals()
  const system = new LinuxSystem({ ...options, mostHung: mostHung() }, vitals)
  const { listen } = options
  const hourlyLog = hourly(log)
  const ask = answerer(registry(checks), system, (key, fault) =>
    hourlyLog(key, `fault in ${key}: ${fault instanceof Error ? fault.stack : fault}`),
  )
  const door = new UdpDoor({
    ...options,
    addresses: listen.length > 0 ? () => listen : readAddresses,
    ask,
    log,
    hourly: hourlyLog,
    vitals,
  })
  const stop = (): void => {
    door.close()
    system.close()
    end(system)
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)
  await door.open()
  if (identity) dropPrivileges(identity)
  await system.start()
  // Opens all that loadmulti reads, while there are descriptors.
  await ask({ key: 'loadmulti' })
  log(`ready: ${door.places.join(' ')}${hint(door, options)}`)
}

/** What a person may type next, when the host itself is on the list. */
function hint({ places: [place = ''] }: UdpDoor, { allow }: DaemonOptions): string {
  const [, address = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(place) ?? []
  return allow(address) ? `; try: echo load1 | nc -u -w1 ${address} ${port}` : ''
}

/** Threads of Node's pool that may hang; the rest serves what does not. */
function mostHung(): number {
  const threads = Number(process.env['UV_THREADPOOL_SIZE']) || 4
  return Math.max(1, threads - Math.ceil(threads / 4))
}

/** Milliseconds that calls in the pool have to come back before the process ends without them. */
const FAREWELL = 300

/** Ends the process. exit(3) would wait for calls that hang in the pool; the signal does not. */
function end(system: LinuxSystem): void {
  if (system.outstanding === 0) process.exit(0)
  if (system.health.hung().length > 0) process.kill(process.pid, 'SIGKILL')
  setInterval(() => system.outstanding === 0 && process.exit(0), FAREWELL / 30)
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), FAREWELL)
}

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
