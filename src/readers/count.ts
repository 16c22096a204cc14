import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** A file of /proc that holds one whole number. Throws errno errors and ParseError. */
export const readCount = (system: System, file: string): number =>
  parseCount(file, system.procRecord(file))

/** One whole number and LF. Throws ParseError. */
export function parseCount(file: string, text: string): number {
  if (!/^\d+\n?$/.test(text)) throw new ParseError(file, text)
  return Number(text)
}
