import { hasControl, isUnicode } from './bytes.ts'
import type { Refused } from './errors.ts'
import { find, type Registry } from './registry.ts'

/** Keys that the administrator named: what `multi/NAME` answers, in the order of the file. */
export type Sets = ReadonlyMap<string, readonly string[]>

const LINE = /^([\w.-]+)\s*=(.*)$/
/** A comment to the end of the line, a word in quotation marks, or a word. */
const WORD = /(?<=\s)(?:#.*|"([^"]*)"|'([^']*)'|([^\s"'#]\S*))(?=\s|$)/g

/**
 * The sets of a file (bytes), one a line: `web = load1 diskusage/ "cmdline/two words"`. Lines may be
 * empty; `#` before a word begins a comment. Throws a sentence that begins with the number of the
 * line, also where no request could hold a key, or no check would take it.
 */
export function parseSets(text: string, checks: Registry): Sets {
  const sets = new Map<string, readonly string[]>()
  for (const [i, line] of text.split('\n').entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue
    try {
      const [name, keys] = parseLine(line.trim(), checks)
      if (sets.has(name)) throw new Error(`set ${name} is there already`)
      sets.set(name, keys)
    } catch (error) {
      throw new Error(`line ${i + 1}: ${(error as Error).message}`)
    }
  }
  return sets
}

function parseLine(line: string, checks: Registry): [string, string[]] {
  const [, name, rest] = LINE.exec(line) ?? []
  if (name === undefined || rest === undefined) throw new Error('not of the form NAME = KEY ...')
  const text = ` ${rest}`
  if (text.replace(WORD, '').trim() !== '') throw new Error('a quotation mark is not closed')
  const keys = [...text.matchAll(WORD)].flatMap(([, a, b, c]) => a ?? b ?? c ?? [])
  if (keys.length === 0) throw new Error(`set ${name} has no keys`)
  for (const key of keys) checkKey(key, checks)
  return [name, keys]
}

function checkKey(key: string, checks: Registry): void {
  if (hasControl(key)) throw new Error('control character in a key')
  if (!isUnicode(key)) throw new Error('a key is not UTF-8')
  if (key.startsWith('multi/')) throw new Error(`a set holds no other set: ${key}`)
  try {
    find(checks, key)
  } catch (error) {
    const { kind, message } = error as Refused
    throw new Error(`${kind}: ${key}${message && ` (${message})`}`)
  }
}
