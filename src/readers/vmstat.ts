import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** Processes that the kernel killed for want of memory since boot; undefined before Linux 4.13. */
export const readOomKills = (system: System): number | undefined =>
  parseOomKills(system.proc('vmstat'))

/** `oom_kill` of /proc/vmstat, proc(5). Throws ParseError. */
export function parseOomKills(text: string): number | undefined {
  if (!/^nr_free_pages \d+$/m.test(text)) throw new ParseError('vmstat', text)
  const kills = /^oom_kill (\d+)$/m.exec(text)?.[1]
  return kills === undefined ? undefined : Number(kills)
}
