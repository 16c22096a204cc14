import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** Ticks of all CPUs by what they were spent on, context switches, and forks, since boot. */
export type Stat = Readonly<Record<(typeof FIELDS)[number] | 'ctxt' | 'processes', number>>

/** Columns of the cpu line; what guests used is in user and nice already. */
const FIELDS = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const

/** /proc/stat, proc(5). Kernels before 2.6.11 count no steal. Throws ParseError. */
export function parseStat(text: string): Stat {
  const cpu = /^cpu +(\d+(?: \d+){6,})/m.exec(text)?.[1]
  if (cpu === undefined) throw new ParseError('stat', text)
  const ticks = cpu.split(' ')
  const counted = FIELDS.map((field, i) => [field, Number(ticks[i] ?? 0)])
  const single = ['ctxt', 'processes'].map((name) => [name, field(text, name)])
  return Object.fromEntries([...counted, ...single])
}

function field(text: string, name: string): number {
  const number = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]
  if (number === undefined) throw new ParseError('stat', text)
  return Number(number)
}

/** Tasks at this moment. */
export interface Tasks {
  readonly running: number
  /** In uninterruptible sleep: they wait for a disk, or a server. */
  readonly blocked: number
}

export const readTasks = (system: System): Tasks => parseTasks(system.proc('stat'))

/** `procs_running` and `procs_blocked` of /proc/stat, proc(5). Throws ParseError. */
export const parseTasks = (text: string): Tasks => ({
  running: field(text, 'procs_running'),
  blocked: field(text, 'procs_blocked'),
})
