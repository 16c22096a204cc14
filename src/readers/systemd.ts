import { codeOf, noSuchObject, ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { record } from './varlink.ts'

/** What the service manager says of itself. */
export interface Manager {
  readonly failed: number
  /** `running`, `degraded`, `starting`, systemctl(1). */
  readonly state: string
  readonly version: string
}

const SOCKET = '/run/systemd/io.systemd.Manager'

/** Since systemd 258 without D-Bus; before, no file tells, and it is `no such object`. */
export async function readManager(system: System): Promise<Manager> {
  try {
    return parseManager(await system.varlink(SOCKET, 'io.systemd.Manager.Describe'))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    throw noSuchObject('no systemd here that tells without D-Bus: that needs version 258')
  }
}

/** Parameters of io.systemd.Manager.Describe, its IDL in systemd's sources. Throws ParseError. */
export function parseManager(parameters: object): Manager {
  const runtime = record(record(parameters)['runtime'])
  const { NFailedUnits: failed, SystemState: state, Version: version } = runtime
  if (!Number.isInteger(failed) || typeof state !== 'string' || typeof version !== 'string')
    throw new ParseError('io.systemd.Manager.Describe', JSON.stringify(runtime))
  return { failed: failed as number, state, version }
}
