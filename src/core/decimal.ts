/** An exact decimal number: `digits` divided by ten to the power of `places`. */
export interface Decimal {
  readonly digits: bigint
  readonly places: number
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/

/** The number of a text such as `3.68`, `-5` or `.5`; undefined for all that is none. */
export function parseDecimal(text: string): Decimal | undefined {
  const [, sign, whole = '', fraction = ''] = DECIMAL.exec(text) ?? []
  if (sign === undefined || whole + fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  return { digits: sign === '-' ? -digits : digits, places: fraction.length }
}

/** Below 0 when a is smaller, above when it is larger, 0 when both are the same number. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const left = a.digits * 10n ** BigInt(Math.max(0, b.places - a.places))
  const right = b.digits * 10n ** BigInt(Math.max(0, a.places - b.places))
  return left < right ? -1 : left > right ? 1 : 0
}
