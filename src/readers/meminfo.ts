import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** Memory of the host, in KiB. */
export interface Meminfo {
  readonly total: number
  /** What programs can have without swapping. */
  readonly available: number
  /** How `available` was made, where the kernel (before 3.14) does not tell it. */
  readonly formula?: string
}

export const readMeminfo = (system: System): Meminfo => parseMeminfo(system.proc('meminfo'))

/** Free, or given back on demand; shared memory counts as cached, and is not given back. */
const GIVEN = ['MemFree', 'Buffers', 'Cached', 'SReclaimable'] as const
const FORMULA = `${GIVEN.join('+')}-Shmem`

/** /proc/meminfo, proc(5). Kernels before 2.6.32 do not tell Shmem. Throws ParseError. */
export function parseMeminfo(text: string): Meminfo {
  const fields = new Map<string, number>()
  for (const [, name, kib] of text.matchAll(/^(\w+): *(\d+)(?: kB)?$/gm))
    fields.set(name as string, Number(kib))
  const field = (name: string): number => {
    const kib = fields.get(name)
    if (kib === undefined) throw new ParseError('meminfo', text)
    return kib
  }
  const total = field('MemTotal')
  if (total === 0) throw new ParseError('meminfo', text)
  const told = fields.get('MemAvailable')
  if (told !== undefined) return { total, available: Math.min(told, total) }
  const given = GIVEN.reduce((sum, name) => sum + field(name), 0)
  const available = Math.max(0, given - (fields.get('Shmem') ?? 0))
  return { total, available: Math.min(available, total), formula: FORMULA }
}
