import { printable } from '../core/bytes.ts'

/** Writes one line for the administrator. */
export type Log = (line: string) => void

/** What a log needs of a stream; process.stderr is one. */
export interface Sink {
  readonly writableLength: number
  write(text: string): unknown
  on(event: 'error', listener: () => void): unknown
}

/** Bytes that may wait for a reader who is slow; then lines are dropped, and counted. */
const MOST_WAITING = 65_536

/**
 * A log that neither blocks nor grows, whatever becomes of its reader (a full pipe, a full disk).
 * Each line begins with the program's name.
 */
export function logTo(sink: Sink, program: string): Log {
  let dropped = 0
  sink.on('error', () => {
    dropped++
  })
  return (line) => {
    if (sink.writableLength > MOST_WAITING) {
      dropped++
      return
    }
    const lost = dropped > 0 ? `${program}: ${dropped} log lines dropped\n` : ''
    dropped = 0
    sink.write(`${lost}${program}: ${printable(line)}\n`)
  }
}
