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
  /** Requests of any kind that ended: reads, writes and, where they are counted, discards and flushes. */
  readonly ended: number
  /** Requests under way now. */
  readonly underWay: number
}

/** Kernels that count a request down twice show what is below 0 as 32 bits without a sign. */
const BELOW_ZERO = 2 ** 31

export const readDiskstats = (system: System): DiskStats[] =>
  parseDiskstats(system.proc('diskstats'))

type Columns = [number, 0, number, number, number, 0, number, number, number, number]

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
    const [reads, , read, reading, writes, , written, writing, flying, busy] = numbers as Columns
    if (reads === 0 && writes === 0) return []
    const [discards = 0, , , , flushes = 0] = numbers.slice(11)
    const ended = reads + writes + discards + flushes
    const underWay = flying < BELOW_ZERO ? flying : 0
    const [sectors, taken] = [read + written, reading + writing]
    return [{ name, reads, writes, sectors, taken, busy, ended, underWay }]
  })
}
