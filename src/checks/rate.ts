import { noSuchObject } from '../core/errors.ts'
import type { History, Span, System } from '../core/system.ts'

/** A rate over a window, and its lowest and highest second, as text. */
export interface Rate {
  readonly value: string
  extremes(): string
  readonly span: Span
}

/** How a rate is written. */
export type Print = (rate: number) => string

/** Whole numbers, to the nearest. */
export const whole: Print = (rate) => String(Math.round(rate))

/** Two decimal places, rounded up: 0.00 only where there was nothing at all. */
export const hundredths: Print = (rate) => (Math.ceil(rate * 100 - 1e-9) / 100).toFixed(2)

/** The lowest and the highest second of a span: `min=0 max=17`. Seconds that are NaN do not count. */
export function extremes(
  history: History,
  span: Span,
  rate: (second: Span) => number,
  print: Print,
): string {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const second of history.steps(span)) {
    const found = rate(second)
    if (found < low) low = found
    if (found > high) high = found
  }
  return low > high ? 'min=0 max=0' : `min=${print(low)} max=${print(high)}`
}

/** Growth of the sum of some series, a second. Throws `cannot answer now` before it was sampled. */
export function rateOf(
  history: History,
  series: readonly string[],
  seconds: number,
  print: Print = whole,
): Rate {
  const span = history.span(series, seconds)
  const rate = (stretch: Span): number => growth(history, series, stretch) / stretch.seconds
  return { value: print(rate(span)), extremes: () => extremes(history, span, rate, print), span }
}

/** Growth of some series together over a span. */
export const growth = (history: History, series: readonly string[], span: Span): number =>
  series.reduce((sum, name) => sum + history.growth(name, span), 0)

/**
 * Says why a file is not sampled, in the words of whoever reads it now, and that an object is not in
 * it: `marker` is the file's own series, `series` one of the object's.
 */
export function mustBeSampled(
  { history }: System,
  marker: string,
  read: () => unknown,
  series: string,
  what: string,
): void {
  if (!history.has(marker)) read()
  else if (!history.has(series)) throw noSuchObject(what)
}
