import { readFileSync } from 'node:fs'
import { getSystemErrorMap } from 'node:util'
import { toUnicode } from '../core/bytes.ts'
import type { Registry } from '../core/registry.ts'
import { parseSets, type Sets } from '../core/sets.ts'

/** The sets of a file; none without one. Throws a sentence that names the file and the line. */
export function readSets(path: string | undefined, checks: Registry): Sets {
  if (path === undefined) return new Map()
  try {
    return parseSets(readFileSync(path, 'latin1'), checks)
  } catch (error) {
    const { errno, message } = error as NodeJS.ErrnoException
    const [, reason = message] = getSystemErrorMap().get(errno ?? 0) ?? []
    throw new Error(`unable to read the sets of ${path}: ${toUnicode(reason)}`)
  }
}
