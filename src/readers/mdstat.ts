import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** One array of md(4). */
export interface RaidArray {
  readonly name: string
  /** `active`, `inactive` or `broken`. */
  readonly state: string
  readonly members: readonly string[]
  /** Members that the kernel marked as faulty. */
  readonly faulty: readonly string[]
  /** Members that work, of those that it should have; undefined where its level does not tell. */
  readonly working?: { readonly of: number; readonly are: number }
}

export const readMdstat = (system: System): RaidArray[] => parseMdstat(system.proc('mdstat'))

/**
 * /proc/mdstat, md(4): `md0 : active raid1 sdb1[1] sda1[0](F)` and lines that belong to it, one with
 * `[2/1] [_U]`. A container of external metadata (`external:imsm`) is inactive by nature and left out, a
 * volume in it (`external:/md127/0`, read-only `external:-md127/0`) is not. Throws ParseError.
 */
export function parseMdstat(text: string): RaidArray[] {
  if (!text.startsWith('Personalities :')) throw new ParseError('mdstat', text)
  const sections = text.split(/^(?=md\S* : )/m).slice(1)
  return sections.filter((section) => !CONTAINER.test(section)).map(parseArray)
}

const CONTAINER = /^\S+ : inactive .*super external:[^/-]/s

function parseArray(section: string): RaidArray {
  const [, name, state, rest] =
    /^(\S+) : (active|inactive|broken)\b(?: \([^)]*\))?(.*)$/m.exec(section) ?? []
  if (name === undefined || state === undefined || rest === undefined)
    throw new ParseError('mdstat', section)
  const found = [...rest.matchAll(/ (\S+)\[\d+\]((?:\(\w\))*)/g)]
  const members = found.map(([, member]) => member as string)
  const faulty = found.flatMap(([, member, flags]) => (flags?.includes('F') ? [member] : []))
  const [, of, are] = / \[(\d+)\/(\d+)\] /.exec(section) ?? []
  const array = { name, state, members, faulty: faulty as string[] }
  return of === undefined ? array : { ...array, working: { of: Number(of), are: Number(are) } }
}
