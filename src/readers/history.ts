import { cannotAnswerNow } from '../core/errors.ts'
import type { History, Span } from '../core/system.ts'

/** Seconds of history; a window cannot be longer. */
export const LONGEST_WINDOW = 300
/** Samples kept: one a second, and the one that starts the longest window. */
const SLOTS = LONGEST_WINDOW + 1
/** A newest sample that is more periods old than this speaks of the past. */
const STALE = 5
/** A window reaches back to the sample nearest to its start: timers are late, never early. */
const TOLERANCE = 0.5

interface Series {
  readonly counts: Float64Array
  /** Number of the sample that counted it last. */
  last: number
}

/** Rings of equal length, one a counter. A slot is a sample's number modulo their length. */
export class Rings implements History {
  readonly #now: () => number
  readonly #period: number
  readonly #times = new Float64Array(SLOTS)
  readonly #series = new Map<string, Series>()
  readonly #kept = new Map<string, { readonly sample: number; readonly value: unknown }>()
  #newest = -1
  #asked = false

  /** `now` is a monotonic clock in milliseconds, as is the period between samples. */
  constructor(now: () => number, period = 1_000) {
    this.#now = now
    this.#period = period
  }

  /** Adds one sample, read at `at` by this clock. A counter that is not in it is unknown for then. */
  add(counters: Iterable<readonly [string, number]>, at: number = this.#now()): void {
    const number = ++this.#newest
    this.#times[number % SLOTS] = at
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

  perSample<T>(name: string, compute: (before: T | undefined) => T): T {
    const kept = this.#kept.get(name) as { sample: number; value: T } | undefined
    if (kept?.sample === this.#newest && !this.#stale()) return kept.value
    const value = compute(kept?.value)
    this.#kept.set(name, { sample: this.#newest, value })
    return value
  }

  /** Whether there is no sample, or only an old one. */
  #stale(): boolean {
    return this.#newest < 0 || this.#now() - this.#time(this.#newest) > STALE * this.#period
  }

  span(names: readonly string[], seconds: number): Span {
    this.#asked = true
    const to = this.#newest
    const end = this.#times[to % SLOTS] ?? 0
    if (to < 1 || !names.every((name) => this.has(name))) throw cannotAnswerNow('not sampled yet')
    if (this.#stale()) throw cannotAnswerNow('the last sample is too old')
    const oldest = Math.max(0, to - LONGEST_WINDOW)
    const start = end - seconds * 1000 - TOLERANCE * this.#period
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

  steps(span: Span): Span[] {
    const steps: Span[] = []
    let { from } = span
    for (let to = from + 1; to <= span.to; to++) {
      const milliseconds = this.#time(to) - this.#time(from)
      // The first two samples, and those after a late one, lie too close together for a second's worth.
      if (milliseconds < TOLERANCE * this.#period) continue
      steps.push({ from, to, seconds: milliseconds / 1000 })
      from = to
    }
    return steps.length > 0 ? steps : [span]
  }

  latest(series: string): number {
    return this.#at(series, this.#newest)
  }

  growth(series: string, { from, to }: Span): number {
    return this.#at(series, to) - this.#at(series, from)
  }
}
