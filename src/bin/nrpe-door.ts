import { draft } from '../codec/nrpe-directives.ts'
import { builtins } from '../commands/builtin.ts'
import { named } from '../commands/index.ts'
import { keys } from '../commands/keys.ts'
import { runByName } from '../commands/table.ts'
import type { System } from '../core/system.ts'
import type { Door, Room, Site } from '../doors/door.ts'
import { NrpeDoor, type NrpeRules } from '../doors/nrpe.ts'
import { makeSecure } from '../doors/nrpe-tls.ts'
import { FAREWELL, PATIENCE, versionText } from './nrpe-limits.ts'
import { version } from './version.ts'

/** The names that check_nrpe can ask of knoerred: checks of plugins, and any key by `builtin`. */
const OFFERED = new Set([keys, ...named].map(({ name }) => name))

/** NRPE beside another door: built-in commands only, and nothing is ever started. */
export function builtinDoor(site: Site, room: Room, system: System): Door {
  const { tls, substitutionAllowed, nasty, debug } = draft()
  const none = { ca: undefined, cert: undefined, key: undefined }
  const secure = makeSecure(tls, none, room)
  room.log(`NRPE: ${secure.name}`)
  const builtin = builtins(named, { system, ask: room.ask }, version)
  const rules: NrpeRules = {
    run: runByName(new Map(), { builtin, program: undefined, offered: OFFERED }),
    argumentsAllowed: true,
    substitutionAllowed,
    nasty,
    version: versionText(),
    patience: PATIENCE,
    farewell: FAREWELL,
    secure,
    debug,
  }
  return new NrpeDoor(site, room, () => rules)
}
