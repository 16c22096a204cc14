import { cannotAnswerNow } from '../core/errors.ts'
import type { History, Span } from '../core/system.ts'

/** Seconds of history; a window cannot be longer. */
export const LONGEST_WINDOW = 300
/** Samples kept: one a second, and the one that starts the longest window. */
const SLOTS = LONGEST_WINDOW + 1
/** A newest sample older than this, in milliseconds, speaks of the past. */
const STALE = 5_000
/** A window reaches back to the sample nearest to its start: timers are late, never early. */
const TOLERANCE = 500

interface Series {
  readonly counts: Float64Array
  /** Number of the sample that counted it last. */
  last: number
}

/** Rings of equal length, one a counter. A slot is a sample's number modulo their length. */
export class Rings implements History {
  readonly #now: () => number
  readonly #times = new Float64Array(SLOTS)
  readonly #series = new Map<string, Series>()
  #newest = -1
  #asked = false

  /** `now` is a monotonic clock in milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Adds one sample. A counter that is not in it counts as unknown for this second. */
  add(counters: Iterable<readonly [string, number]>): void {
    const number = ++this.#newest
    this.#times[number % SLOTS] = this.#now()
    for (const [name, count] of counters)
      this.#seriesOf(name, number).counts[number % SLOTS] = count
    for (const [name, series] of this.#series) {
      if (number - series.last >= SLOTS) this.#series.delete(name)
      else if (series.last !== number) series.counts[number % SLOTS] = Number.NaN
    }
  }

  #seriesOf(name: string, number: number): Series {
    const known = this.#series.get(name)
    if (known) {
      known.last = number
      return known
    }
    const series = { counts: new Float64Array(SLOTS).fill(Number.NaN), last: number }
    this.#series.set(name, series)
    return series
  }

  /** Whether any answer has depended on the samples. */
  get asked(): boolean {
    return this.#asked
  }

  has(series: string): boolean {
    this.#asked = true
    return this.#newest >= 0 && this.#series.get(series)?.last === this.#newest
  }

  span(names: readonly string[], seconds: number): Span {
    this.#asked = true
    const to = this.#newest
    const end = this.#times[to % SLOTS] ?? 0
    if (to < 1 || !names.every((name) => this.has(name))) throw cannotAnswerNow('not sampled yet')
    if (this.#now() - end > STALE) throw cannotAnswerNow('the last sample is too old')
    const oldest = Math.max(0, to - LONGEST_WINDOW)
    const start = end - seconds * 1000 - TOLERANCE
    let from = to
    // In a window shorter than a late sample's distance that one distance is what there is.
    const within = (number: number): boolean => number === to - 1 || this.#time(number) >= start
    while (from > oldest && within(from - 1) && this.#rises(names, from)) from--
    if (from === to) throw cannotAnswerNow('not sampled twice yet')
    return { from, to, seconds: (end - this.#time(from)) / 1000 }
  }

  #time(number: number): number {
    return this.#times[number % SLOTS] as number
  }

  /** Whether no series fell from the sample before to this one; unknown is no rise. */
  #rises(names: readonly string[], number: number): boolean {
    return names.every((name) => this.#at(name, number) >= this.#at(name, number - 1))
  }

  #at(name: string, number: number): number {
    return this.#series.get(name)?.counts[number % SLOTS] ?? Number.NaN
  }

  growth(series: string, { from, to }: Span): number {
    return this.#at(series, to) - this.#at(series, from)
  }
}
