import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** Percent of the time in which tasks waited, over 10, 60 and 300 seconds, as the kernel prints it. */
export interface Stalls {
  readonly avg10: string
  readonly avg60: string
  readonly avg300: string
}

/** Some tasks, and all of them; before Linux 5.13 there is no `full` for the CPU. */
export interface Pressure {
  readonly some: Stalls
  readonly full?: Stalls
}

export const readPressure = (system: System, resource: string): Pressure =>
  parsePressure(system.proc(`pressure/${resource}`))

/** /proc/pressure/RESOURCE, Documentation/accounting/psi.rst, since Linux 4.20. Throws ParseError. */
export function parsePressure(text: string): Pressure {
  const stalls = (kind: string): Stalls | undefined => {
    const line = new RegExp(
      `^${kind} avg10=(\\d+\\.\\d+) avg60=(\\d+\\.\\d+) avg300=(\\d+\\.\\d+) total=\\d+$`,
      'm',
    ).exec(text)
    const [, avg10, avg60, avg300] = line ?? []
    return line ? ({ avg10, avg60, avg300 } as Stalls) : undefined
  }
  const [some, full] = [stalls('some'), stalls('full')]
  if (!some || (!full && text.includes('full'))) throw new ParseError('pressure', text)
  return full ? { some, full } : { some }
}
