import { UsageError } from '../clients/argv.ts'

/** A limit of what must be free: a number of units, or a percentage. */
export interface Least {
  readonly value: number
  readonly percent: boolean
}

/** `10%` or `100`. Throws UsageError. */
export function least(option: string, text: string): Least {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?):?$/.exec(text) ?? []
  if (number === undefined) throw new UsageError(`${option} "${text}" is neither a number nor N%`)
  if (percent && Number(number) > 100) throw new UsageError(`${option} "${text}" is over 100%`)
  return { value: Number(number), percent: percent === '%' }
}
