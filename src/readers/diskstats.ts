import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** What one block device did since boot. Times are in milliseconds, sectors have 512 bytes. */
export interface DiskStats {
  readonly name: string
  readonly reads: number
  readonly writes: number
  readonly sectors: number
  /** What reads and writes took, each counted from its start to its end. */
  readonly taken: number
  /** When at least one request was under way. */
  readonly busy: number
}

export const readDiskstats = (system: System): DiskStats[] =>
  parseDiskstats(system.proc('diskstats'))

type Columns = [number, 0, number, number, number, 0, number, number, 0, number]

/**
 * /proc/diskstats, Documentation/admin-guide/iostats.rst. Devices that never did anything, and
 * partitions of kernels before 2.6.25 with their four columns, are left out. Throws ParseError.
 */
export function parseDiskstats(text: string): DiskStats[] {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new ParseError('diskstats', text.slice(-80))
  return lines.flatMap((line) => {
    const [, , name, ...columns] = line.trim().split(/\s+/)
    const numbers = columns.map(Number)
    if (name === undefined || numbers.length < 4 || numbers.some((n) => !(n >= 0)))
      throw new ParseError('diskstats', line)
    if (numbers.length < 11) return []
    const [reads, , read, reading, writes, , written, writing, , busy] = numbers as Columns
    if (reads === 0 && writes === 0) return []
    return [{ name, reads, writes, sectors: read + written, taken: reading + writing, busy }]
  })
}
