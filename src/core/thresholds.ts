// Thresholds of the Nagios plugin API (https://www.monitoring-plugins.org/doc/guidelines.html), and
// the plain numbers of the original plugins: those alarm only above.
import { compareDecimals, type Decimal, parseDecimal } from './decimal.ts'

/** When a value is worth an alarm. */
export interface Threshold {
  /** As it was given: perfdata repeats it. */
  readonly text: string
  alarms(value: Decimal): boolean
}

/** Where a plain number alarms. */
export type Kind = 'above' | 'below'

/** `10`, alarming above it or below it, or a range such as `10:`, `~:10`, `@10:20`; else undefined. */
export function parseThreshold(text: string, plain: Kind): Threshold | undefined {
  const number = parseDecimal(text)
  if (number && !text.startsWith('@')) return plainThreshold(text, number, plain)
  return plain === 'above' ? parseRange(text) : undefined
}

const plainThreshold = (text: string, limit: Decimal, plain: Kind): Threshold => ({
  text,
  alarms: (value) => compareDecimals(value, limit) * (plain === 'above' ? 1 : -1) > 0,
})

/** `[@]start:end`: both ends belong to it; `~` is minus infinity, a missing end infinity. */
export function parseRange(text: string): Threshold | undefined {
  const [, inside, start, colon, end = ''] = /^(@?)([^:]*)(:?)([^:]*)$/.exec(text) ?? []
  if (inside === undefined || start === undefined) return undefined
  const [from, to] = colon ? [start || '0', end] : ['0', start]
  const low = from === '~' ? undefined : parseDecimal(from)
  const high = colon && to === '' ? undefined : parseDecimal(to)
  if ((!low && from !== '~') || (!high && !(colon && to === ''))) return undefined
  if (low && high && compareDecimals(low, high) > 0) return undefined
  const within = (value: Decimal): boolean =>
    (!low || compareDecimals(value, low) >= 0) && (!high || compareDecimals(value, high) <= 0)
  return { text, alarms: (value) => within(value) === (inside === '@') }
}
