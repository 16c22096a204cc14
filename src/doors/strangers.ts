import type { Log } from './log.ts'

const HOUR = 3_600_000
/** Sources remembered: a flood from forged addresses costs no more memory and no more lines. */
const MOST_SOURCES = 256

/** Notes addresses that are not on the list: one log line an hour for each. */
export class Strangers {
  readonly #log: Log
  readonly #now: () => number
  readonly #sources = new Map<string, number>()
  /** Datagrams and connections refused. */
  refused = 0

  /** `now` is a monotonic clock in milliseconds. */
  constructor(log: Log, now: () => number = () => performance.now()) {
    this.#log = log
    this.#now = now
  }

  note(address: string): void {
    this.refused++
    const now = this.#now()
    const last = this.#sources.get(address)
    if (last !== undefined && now - last < HOUR) return
    if (last === undefined && this.#sources.size >= MOST_SOURCES && !this.#forget(now)) return
    this.#sources.delete(address)
    this.#sources.set(address, now)
    this.#log(`refused ${address}: not on the list of clients`)
  }

  /** Makes room by the source noted longest ago, if that was an hour ago. */
  #forget(now: number): boolean {
    const [oldest] = this.#sources
    if (!oldest || now - oldest[1] < HOUR) return false
    return this.#sources.delete(oldest[0])
  }
}
