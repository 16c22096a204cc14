import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** Swap space of all devices, in KiB. */
export interface Swaps {
  readonly size: number
  readonly used: number
}

export const readSwaps = (system: System): Swaps => parseSwaps(system.procRecord('swaps'))

/** /proc/swaps, proc(5): a heading, then one device or file a line. Throws ParseError. */
export function parseSwaps(text: string): Swaps {
  const lines = text.split('\n')
  if (!lines[0]?.startsWith('Filename') || lines.pop() !== '') throw new ParseError('swaps', text)
  let size = 0
  let used = 0
  for (const line of lines.slice(1)) {
    const match = DEVICE.exec(line)
    if (!match) throw new ParseError('swaps', line)
    size += Number(match[1])
    used += Number(match[2])
  }
  return { size, used }
}

const DEVICE = /^\S+(?: \(deleted\))?\s+\w+\s+(\d+)\s+(\d+)\s+-?\d+$/
