import type { Ask } from '../core/answer.ts'
import { type Check, isRecords, type Outcome } from '../core/check.ts'

/** A key as it was asked, the check that answers it, and what it said. */
export interface Sample {
  readonly key: string
  readonly check: Check
  readonly outcome: Outcome
}

/** Keys that are asked together, such as all that need no argument. */
export type Asked = readonly { readonly key: string; readonly check: Check }[]

/** The keys that can be asked without an argument and have one value. */
export const plainKeys = (checks: Iterable<Check>): Asked =>
  [...checks]
    .filter(({ argument, several }) => !argument?.startsWith('/') && !several)
    .map((check) => ({ key: check.key, check }))

/** Asks many keys at once. */
export async function overview(ask: Ask, asked: Asked): Promise<readonly Sample[]> {
  const replies = await Promise.all(asked.map(({ key }) => ask({ key })))
  return replies.flatMap((reply, i) => {
    const { key, check } = asked[i] as Asked[number]
    return isRecords(reply) ? [] : [{ key, check, outcome: reply }]
  })
}

/** Makes one at a time: who comes while it is under way gets the same. */
export function shared<T>(make: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined
  return () => {
    pending ??= make().finally(() => {
      pending = undefined
    })
    return pending
  }
}
