import { codeOf, ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { readWhole } from './content.ts'

/** One login session of utmp(5). All text is bytes. */
export interface Session {
  readonly user: string
  readonly line: string
}

/** Newer systems have the file here; on older ones only the second path exists. */
const PATHS = ['/run/utmp', '/var/run/utmp']
const USER_PROCESS = 7
/** Types of a record, EMPTY to ACCOUNTING. */
const TYPES = 10
/** Bytes of a record: glibc has 400 where it keeps 64 bit times (aarch64), else 384. */
const SIZES = [384, 400]

/** The sessions of the host. Rejects with ENOENT where the host keeps no utmp. */
export async function readSessions(system: System): Promise<Session[]> {
  for (const path of PATHS) {
    try {
      return parseUtmp(await readWhole(system, path))
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || path === PATHS.at(-1)) throw error
    }
  }
  return []
}

/** Records of utmp(5) whose type is USER_PROCESS and that name a user. Throws ParseError. */
export function parseUtmp(text: string): Session[] {
  const size = SIZES.find((bytes) => text.length % bytes === 0 && types(text, bytes).every(isType))
  if (size === undefined) throw new ParseError('utmp', text)
  const field = (from: number, bytes: number): string =>
    text.slice(from, from + bytes).replace(/\0.*$/s, '')
  return types(text, size).flatMap((type, i) => {
    const session = { line: field(i * size + 8, 32), user: field(i * size + 44, 32) }
    return type === USER_PROCESS && session.user !== '' ? [session] : []
  })
}

const isType = (type: number): boolean => type < TYPES

/** The type of each record: a 16 bit number so small that one of its bytes is 0, in either order. */
function types(text: string, size: number): number[] {
  const starts = Array.from({ length: text.length / size }, (_, i) => i * size)
  return starts.map((at) => text.charCodeAt(at) | text.charCodeAt(at + 1))
}
