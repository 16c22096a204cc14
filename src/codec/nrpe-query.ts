// What a query asks: `COMMAND!ARGUMENT!ARGUMENT`, and which queries are refused.

/** What a query may be. */
export interface QueryRules {
  readonly argumentsAllowed: boolean
  /** Whether an argument may hold `$(`. */
  readonly substitutionAllowed: boolean
  /** Signs that no query may hold. */
  readonly nasty: string
}

/** What check_nrpe asks when it was given no command. */
export const HELLO = '_NRPE_CHECK'
/** `$ARG1$` to `$ARG16$`. */
export const MOST_ARGUMENTS = 16

export type Query =
  | { readonly name: string; readonly args: readonly string[] }
  | { readonly refused: string }

/** Reads the text of a query. As in the original, empty arguments are dropped and move the others. */
export function parseQuery(text: string, rules: QueryRules): Query {
  const [name = '', ...rest] = text.split('!')
  const args = rest.filter((argument) => argument !== '')
  if (name === '') return { refused: 'no command in the query' }
  if ([...rules.nasty].some((sign) => text.includes(sign)))
    return { refused: 'a sign of nasty_metachars in the query' }
  if (args.length > 0 && !rules.argumentsAllowed)
    return { refused: 'arguments, which dont_blame_nrpe=0 forbids' }
  if (!rules.substitutionAllowed && args.some((argument) => argument.includes('$(')))
    return { refused: '$( in an argument' }
  if (args.length > MOST_ARGUMENTS) return { refused: `more than ${MOST_ARGUMENTS} arguments` }
  return { name, args }
}
