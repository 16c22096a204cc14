import type { Log } from './log.ts'

const HOUR = 3_600_000
/** Subjects remembered: a flood from forged addresses costs no more memory and no more lines. */
const MOST_SUBJECTS = 256

/** A log that says one line an hour about each subject. */
export type HourlyLog = (subject: string, line: string) => void

/** `now` is a monotonic clock in milliseconds. */
export function hourly(log: Log, now: () => number = () => performance.now()): HourlyLog {
  const said = new Map<string, number>()
  /** Whether there is room, if need be that of the subject spoken of longest ago. */
  const room = (): boolean => {
    const [oldest] = said
    if (!oldest || said.size < MOST_SUBJECTS) return true
    return now() - oldest[1] >= HOUR && said.delete(oldest[0])
  }
  return (subject, line) => {
    const last = said.get(subject)
    if (last === undefined ? !room() : now() - last < HOUR) return
    said.delete(subject)
    said.set(subject, now())
    log(line)
  }
}
