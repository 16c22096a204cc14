import type { Check } from './check.ts'
import { badArgument, Refused } from './errors.ts'

export type Registry = ReadonlyMap<string, Check>

/** The table as a map, made once at start. Throws when a key stands in it twice. */
export function registry(checks: readonly Check[]): Registry {
  const map = new Map<string, Check>()
  for (const check of checks) {
    if (map.has(check.key)) throw new Error(`Key declared twice: ${check.key}`)
    map.set(check.key, check)
  }
  return map
}

/** The check that a key names, and the argument after its first slash. Throws Refused. */
export function find(checks: Registry, key: string): { check: Check; argument: string } {
  const slash = key.indexOf('/')
  const name = slash === -1 ? key : key.slice(0, slash)
  const check = checks.get(name)
  if (!check) throw new Refused('no such key', '')
  if (slash === -1) {
    if (check.argument?.startsWith('/')) throw badArgument(`ask ${name}${check.argument}`)
    return { check, argument: '' }
  }
  if (!check.argument) throw badArgument(`${name} takes no argument`)
  return { check, argument: key.slice(slash + 1) }
}
