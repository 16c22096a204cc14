// A command line as words, split as sh(1) splits it, without a shell. What only a shell can do is
// refused. Arguments of a query replace `$ARG1$` to `$ARG16$` after the line was split.

/** What stands in a word: text, or an argument of the query. */
type Part = string | { readonly argument: number; readonly quoted: boolean }

/** A command line whose arguments are still open: words of parts. */
export type Template = readonly (readonly Part[])[]

/** A command line that cannot be run without a shell, or at all; the message says why. */
export class WordError extends Error {}

const MACRO = /\$(?:ARG(\d+))?\$/y
/** What a dollar sign before it makes a shell put something else in its place. */
const EXPANDS = /[\w{(@*#?!-]/

/** Splits a command line. Throws WordError. */
export function parseWords(line: string): Template {
  const splitter = new Splitter()
  let at = 0
  while (at < line.length) at = splitter.take(line, at)
  return splitter.end()
}

/** Reads a line sign by sign; `quote` is the quotation mark that is open. */
class Splitter {
  readonly #words: Part[][] = []
  #word: Part[] | undefined
  #quote = ''

  take(line: string, at: number): number {
    const sign = line[at] as string
    if (this.#quote === "'" && sign !== "'" && sign !== '$') return this.#add(sign, at + 1)
    if (sign === '$') return this.#dollar(line, at)
    if (sign === '\\') return this.#backslash(line, at)
    if (sign === this.#quote) return this.#quoting('', at)
    if (this.#quote !== '') return this.#inDoubleQuotes(sign, at)
    if (sign === '"' || sign === "'") return this.#quoting(sign, at)
    if (sign === ' ' || sign === '\t') return this.#next(at + 1)
    if (this.#special(line, at)) throw new WordError(`${sign} is for a shell`)
    return this.#add(sign, at + 1)
  }

  end(): Template {
    if (this.#quote !== '') throw new WordError(`${this.#quote} is not closed`)
    this.#next(0)
    const [first] = this.#words
    if (!first) throw new WordError('no command')
    if (typeof first[0] === 'string' && /^[A-Za-z_]\w*=/.test(first[0]))
      throw new WordError(`the assignment ${first[0].replace(/=.*/s, '=')} is for a shell`)
    return this.#words
  }

  #special(line: string, at: number): boolean {
    const sign = line[at] as string
    if ('|&;<>()`*?[\n'.includes(sign)) return true
    return (sign === '#' || sign === '~') && this.#word === undefined
  }

  #inDoubleQuotes(sign: string, at: number): number {
    if (sign === '`') throw new WordError('` is for a shell')
    return this.#add(sign, at + 1)
  }

  #quoting(quote: string, at: number): number {
    this.#quote = quote
    return this.#add('', at + 1)
  }

  #backslash(line: string, at: number): number {
    const next = line[at + 1]
    if (next === undefined) throw new WordError('\\ stands at the end')
    if (this.#quote === '"' && !'$`"\\'.includes(next)) return this.#add('\\', at + 1)
    return this.#add(next, at + 2)
  }

  /** `$ARG1$`, `$$`, or a dollar sign that a shell would leave alone, too. */
  #dollar(line: string, at: number): number {
    MACRO.lastIndex = at
    const macro = MACRO.exec(line)
    const end = macro ? MACRO.lastIndex : at + 1
    if (macro?.[1] !== undefined) {
      this.#word ??= []
      this.#word.push({ argument: Number(macro[1]), quoted: this.#quote !== '' })
      return end
    }
    if (this.#quote !== "'" && EXPANDS.test(line[end] ?? ''))
      throw new WordError('$ is for a shell')
    return this.#add('$', end)
  }

  #add(text: string, next: number): number {
    this.#word ??= []
    const last = this.#word.at(-1)
    if (typeof last === 'string') this.#word[this.#word.length - 1] = last + text
    else this.#word.push(text)
    return next
  }

  #next(next: number): number {
    if (this.#word) this.#words.push(this.#word)
    this.#word = undefined
    return next
  }
}

/** The highest number of an argument that a command line asks for; 0 for none. */
export const highestArgument = (template: Template): number =>
  Math.max(0, ...template.flat().map((part) => (typeof part === 'string' ? 0 : part.argument)))

const SHELL = /^(?:.*\/)?(?:ba|da|a|z|k|mk|pdk|rba|c|tc|fi)?sh$/

/** Whether a line hands arguments of the query to a shell as its code: `sh -c "x $ARG1$"`. */
export function feedsShell(template: Template): boolean {
  const literal = (parts: readonly Part[] | undefined): string | undefined =>
    parts?.every((part) => typeof part === 'string') ? parts.join('') : undefined
  return template.some((word, at) => {
    if (!SHELL.test(literal(word) ?? '')) return false
    let next = at + 1
    // What stands behind the options is code or a script; an argument there could be -c, too.
    const option = (): string => literal(template[next]) ?? ''
    while (/^[-+]./.test(option())) next += /^[-+]\w*o$/i.test(option()) ? 2 : 1
    return next < template.length && literal(template[next]) === undefined
  })
}

/**
 * The words with the arguments in their places; one that is missing is empty. In quotes an argument
 * stays one word; elsewhere its own blanks and quotes split it, and nothing else in it has a meaning.
 */
export function fillIn(template: Template, args: readonly string[]): string[] {
  return template.flatMap((parts) => {
    const words: string[] = []
    let word: string | undefined
    for (const part of parts) {
      const text = typeof part === 'string' ? part : (args[part.argument - 1] ?? '')
      if (typeof part === 'string' || part.quoted) {
        word = (word ?? '') + text
        continue
      }
      const [first = '', ...others] = splitArgument(text)
      if (first !== '') word = (word ?? '') + first
      for (const other of others) {
        if (word !== undefined) words.push(word)
        word = other === '' ? undefined : other
      }
    }
    return word === undefined ? words : [...words, word]
  })
}

/**
 * Splits at blanks outside quotation marks; an empty first or last piece tells of a blank there. A
 * quotation mark without its other half is a plain sign.
 */
function splitArgument(text: string): string[] {
  const found = text.match(/"[^"]*"|'[^']*'|[ \t]+|[^ \t"']+|["']/g) ?? []
  const pieces = ['']
  for (const piece of found)
    if (/^[ \t]/.test(piece)) pieces.push('')
    else
      pieces[pieces.length - 1] += piece.replace(/^(["'])(.*)\1$/s, piece.length > 1 ? '$2' : '$&')
  return pieces
}
