import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** The kernel's name for the host, from /proc/sys/kernel/hostname, gethostname(2). */
export const readHostname = (system: System): string =>
  parseHostname(system.procRecord('sys/kernel/hostname'))

/** One line. Throws ParseError when it is empty. */
export function parseHostname(text: string): string {
  const name = text.trimEnd()
  if (name === '' || name.includes('\n')) throw new ParseError('sys/kernel/hostname', text)
  return name
}
