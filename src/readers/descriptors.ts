import { readdir, readFile, type Stats, stat } from 'node:fs'
import { ParseError } from '../core/errors.ts'
import type { Descriptors, System } from '../core/system.ts'
import type { Guard } from './guard.ts'

/** What of the host's open files is in use; the most as the kernel prints it. */
export interface FileNr {
  readonly used: number
  readonly most: string
}

export const readFileNr = (system: System): FileNr =>
  parseFileNr(system.procRecord('sys/fs/file-nr'))

/** /proc/sys/fs/file-nr, proc(5): allocated, allocated but free (0 since 2.6), most. */
export function parseFileNr(text: string): FileNr {
  const match = /^(\d+)\s+(\d+)\s+(\d+)$/m.exec(text)
  if (!match || Number(match[3]) === 0) throw new ParseError('sys/fs/file-nr', text)
  return { used: Number(match[1]) - Number(match[2]), most: match[3] as string }
}

/** The soft limit of open files in /proc/PID/limits, proc(5). Throws ParseError. */
export function parseLimits(text: string): number {
  const limit = /^Max open files +(\d+|unlimited) /m.exec(text)?.[1]
  if (limit === undefined) throw new ParseError('PID/limits', text)
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit)
}

/** Open files of a process; only its owner and root may count them on kernels before 6.2. */
export async function readDescriptors(
  root: string,
  pid: number,
  guard: Guard,
): Promise<Descriptors> {
  const place = `${root}/PID/fd`
  const directory = `${root}/${pid}`
  const size = async (path: string): Promise<number> =>
    (await guard.run<Stats>(place, (done) => stat(path, done))).size
  const limits = await guard.run<string>(place, (done) =>
    readFile(`${directory}/limits`, 'latin1', done),
  )
  const limit = parseLimits(limits)
  // Since Linux 6.2 the size of PID/fd is their number; all else in /proc has the size 0.
  const told = (await size(directory)) === 0 ? await size(`${directory}/fd`) : 0
  if (told > 0) return { open: told, limit }
  // By name alone: a type would be asked for one by one where a descriptor was closed meanwhile.
  const names = await guard.run<string[]>(place, (done) =>
    readdir(`${directory}/fd`, 'latin1', done),
  )
  return { open: names.length, limit }
}
