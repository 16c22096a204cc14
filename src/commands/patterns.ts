import { UsageError } from '../clients/argv.ts'

/** Bytes of the longest pattern: what a client sends must not cost much. */
const LONGEST = 256

/** Whether a text matches somewhere. */
export type Pattern = (text: string) => boolean

/**
 * An extended regular expression, as regex(7) but matched in linear time: a pattern of a client's
 * would else have the event loop for itself. Throws UsageError.
 */
export async function pattern(text: string, anyCase = false): Promise<Pattern> {
  if (text.length > LONGEST) throw new UsageError(`a pattern has at most ${LONGEST} bytes`)
  // Few ask for patterns, and loading it takes 7 ms.
  const { RE2JS } = await import('re2js')
  try {
    const compiled = RE2JS.compile(text, anyCase ? RE2JS.CASE_INSENSITIVE : 0)
    return (asked) => compiled.matcher(asked).find()
  } catch (error) {
    throw new UsageError(`"${text}" is no pattern: ${(error as Error).message}`)
  }
}
