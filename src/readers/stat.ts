import { ParseError } from '../core/errors.ts'

/** Ticks of all CPUs by what they were spent on, and context switches, since boot. */
export type Stat = Readonly<Record<(typeof FIELDS)[number] | 'ctxt', number>>

/** Columns of the cpu line; what guests used is in user and nice already. */
const FIELDS = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const

/** /proc/stat, proc(5). Kernels before 2.6.11 count no steal. Throws ParseError. */
export function parseStat(text: string): Stat {
  const cpu = /^cpu +(\d+(?: \d+){6,})/m.exec(text)?.[1]
  const ctxt = /^ctxt (\d+)$/m.exec(text)?.[1]
  if (cpu === undefined || ctxt === undefined) throw new ParseError('stat', text)
  const ticks = cpu.split(' ')
  const counted = FIELDS.map((field, i) => [field, Number(ticks[i] ?? 0)])
  return Object.fromEntries([...counted, ['ctxt', Number(ctxt)]])
}
