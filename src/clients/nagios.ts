// What a plugin says to Nagios: exit code, one line, performance data. Plugin API, guidelines.
import { printable } from '../core/bytes.ts'
import { type Decimal, parseDecimal } from '../core/decimal.ts'
import { parseThreshold, type Threshold } from '../core/thresholds.ts'
import { UsageError } from './argv.ts'

/** Exit codes. */
export const STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const
export type State = 0 | 1 | 2 | 3
export const UNKNOWN: State = 3

/** Bytes of one text that a reply can bring into the output. */
const LONGEST = 1_024

/** What makes a value alarm: above and below, for WARNING and for CRITICAL. */
export interface Limits {
  readonly warning?: Threshold
  readonly critical?: Threshold
  readonly lowWarning?: Threshold
  readonly lowCritical?: Threshold
}

/** The state of a value: CRITICAL is tested first. */
export function stateOf(value: Decimal, limits: Limits): State {
  const alarms = (...thresholds: (Threshold | undefined)[]): boolean =>
    thresholds.some((threshold) => threshold?.alarms(value))
  if (alarms(limits.critical, limits.lowCritical)) return 2
  return alarms(limits.warning, limits.lowWarning) ? 1 : 0
}

/** Reads one threshold option; throws UsageError for junk, which the C plugins read as 0. */
export function threshold(
  option: string,
  text: string | undefined,
  plain: 'above' | 'below',
): Threshold | undefined {
  if (text === undefined) return undefined
  const parsed = parseThreshold(text, plain)
  if (!parsed)
    throw new UsageError(`${option} "${text}" is no ${plain === 'above' ? 'range' : 'number'}`)
  return parsed
}

/** Text of a reply without what Nagios takes for structure: line feeds, bars, control characters. */
export const harmless = (text: string): string =>
  printable(text.slice(0, LONGEST).replaceAll('\n', ' ')).replaceAll('|', '!')

/** Units that performance data may have. */
const UNITS = /^(%|s|ms|us|B|KB|MB|GB|TB|c)$/

/** `load1=3.68;7;30`. A value that is no number is left out: Nagios would store nonsense. */
export function perfdata(key: string, value: string, limits: Limits, unit = ''): string {
  if (!parseDecimal(value)) return ''
  const clean = harmless(key).replaceAll('=', '_')
  const label = /^[\w/.%:+-]+$/.test(clean) ? clean : `'${clean.replaceAll("'", "''")}'`
  const range = (low?: Threshold, high?: Threshold): string =>
    low ? `${low.text}:${high?.text ?? ''}` : (high?.text ?? '')
  const ranges = [
    range(limits.lowWarning, limits.warning),
    range(limits.lowCritical, limits.critical),
  ]
  const tail = ranges.join(';').replace(/;*$/, '')
  return `${label}=${value}${UNITS.test(unit) ? unit : ''}${tail && `;${tail}`}`
}
