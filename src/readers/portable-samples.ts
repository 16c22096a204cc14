import { cannotAnswerNow } from '../core/errors.ts'
import type { Samples } from './portable-gather.ts'

/** Milliseconds from one sample to the next of its kind. */
export const PERIOD = 5_000
/** A sample that is more periods old than this is no answer any more. */
const LONGEST = 3

export type Name = keyof Samples

/** Milliseconds of a clock that nobody sets; it is the same for all threads, as performance is not. */
export const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6

/** A sample, the milliseconds that it took, and when it was read, by `monotonic`. */
interface Fresh<N extends Name> {
  readonly name: N
  readonly sample: Samples[N]
  readonly took: number
  readonly at: number
}

/** What the worker says: a sample, or why there is none. */
export type News =
  | { [N in Name]: Fresh<N> }[Name]
  | { readonly name: Name; readonly failed: string }

/** A sample and its age in milliseconds. */
export interface Aged<T> {
  readonly sample: T
  readonly age: number
}

/** The last sample of each kind. `now` is a monotonic clock in milliseconds. */
export class LastSamples {
  readonly #now: () => number
  readonly #samples: { -readonly [N in Name]?: Samples[N] } = {}
  readonly #times = new Map<Name, number>()
  readonly #failed = new Map<Name, string>()
  /** Why nothing at all is sampled, when it is not. */
  broken: string | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  /** A failure leaves the sample before it as it is: it only grows older. */
  take(news: News): void {
    this.broken = undefined
    if ('failed' in news) {
      this.#failed.set(news.name, news.failed)
      return
    }
    this.#failed.delete(news.name)
    Object.assign(this.#samples, { [news.name]: news.sample })
    // It is as old as its beginning.
    this.#times.set(news.name, news.at - news.took)
  }

  /** Throws `cannot answer now` before the first sample, and when it is over three periods old. */
  get<N extends Name>(name: N): Aged<Samples[N]> {
    const sample = this.last(name)
    const age = this.#now() - (this.#times.get(name) ?? 0)
    const why = this.broken ?? this.#failed.get(name)
    if (sample === undefined) throw cannotAnswerNow(why ?? 'not sampled yet')
    if (age > LONGEST * PERIOD)
      throw cannotAnswerNow(
        `the last sample is ${Math.round(age / 1000)}s old${why === undefined ? '' : `: ${why}`}`,
      )
    return { sample, age }
  }

  /** However old it is. */
  last<N extends Name>(name: N): Samples[N] | undefined {
    return this.#samples[name]
  }

  /** What goes wrong, one sentence each. */
  findings(): string[] {
    if (this.broken !== undefined) return [this.broken]
    return [...new Set(this.#failed.values())]
  }
}
