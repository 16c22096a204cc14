import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** Seconds since boot, time asleep included; /proc/uptime, proc(5). */
export const readUptime = (system: System): number => parseUptime(system.procRecord('uptime'))

/** `350735.47 234388.90`: whole seconds of the first. Throws ParseError. */
export function parseUptime(text: string): number {
  const match = /^(\d+)\.\d+ \d+\.\d+$/m.exec(text)
  if (!match) throw new ParseError('uptime', text)
  return Number(match[1])
}
