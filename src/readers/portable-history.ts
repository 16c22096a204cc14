import { cannotAnswerNow, noSuchObject } from '../core/errors.ts'
import type { History, Span } from '../core/system.ts'
import type { Rings } from './history.ts'
import type { Samples } from './portable-gather.ts'

/** Series that every sample has. */
const ALWAYS = /^stat$|^stat\/(user|nice|system|idle|irq|softirq|steal)$|^net\/dev$/

/** Those of one interface. */
const OF_LINK = /^net\/(.+)\/(?:rx|tx|errors|drops)$/

/** The rings as checks may see them here: what is never counted is no such object. */
export class PortableHistory implements History {
  readonly #rings: Rings
  readonly #counters: () => Samples['counters']

  /** `counters` gives the newest sample; it throws when that is missing or too old. */
  constructor(rings: Rings, counters: () => Samples['counters']) {
    this.#rings = rings
    this.#counters = counters
  }

  span(series: readonly string[], seconds: number): Span {
    const unknown = series.find((name) => !ALWAYS.test(name) && !OF_LINK.test(name))
    if (unknown !== undefined) throw noSuchObject(`${unknown} is not counted here`)
    const { links = [] } = this.#counters()
    const names = new Set(series.map((name) => OF_LINK.exec(name)?.[1]))
    const unread = links.find(({ name, counters }) => names.has(name) && !counters)
    if (unread) throw cannotAnswerNow(`${unread.name} counted nothing, or it could not be read`)
    return this.#rings.span(series, seconds)
  }

  growth(series: string, span: Span): number {
    return this.#rings.growth(series, span)
  }

  latest(series: string): number {
    return this.#rings.latest(series)
  }

  /** Each answer says how old it is: none is kept. */
  perSample<T>(_name: string, compute: (before: T | undefined) => T): T {
    return compute(undefined)
  }

  steps(span: Span): readonly Span[] {
    return this.#rings.steps(span)
  }

  /** An interface whose counters were not read is there all the same: `span` says the rest. */
  has(series: string): boolean {
    const [, name] = OF_LINK.exec(series) ?? []
    if (name === undefined) return this.#rings.has(series)
    return (
      this.#rings.has('net/dev') &&
      (this.#counters().links ?? []).some((link) => link.name === name)
    )
  }
}
