import mri from 'mri'

/** An option of a program: `--proc DIR`, and `-w RANGE` where it has a letter. */
export interface Option {
  readonly name: string
  readonly letter?: string
  /** What stands for the value in `--help`; absent for a flag. */
  readonly value?: string
  readonly repeatable?: true
  readonly summary: string
}

/** The command line was wrong; the message is a sentence for the user. */
export class UsageError extends Error {}

export interface Arguments {
  /** Whether a flag was given. */
  has(name: string): boolean
  /** How often it was given. */
  count(name: string): number
  /** The value of an option that may be given once. */
  value(name: string): string | undefined
  values(name: string): readonly string[]
  readonly rest: readonly string[]
}

/** Reads a command line by a table of options; words that are none are the rest. Throws UsageError. */
export function parseArguments(options: readonly Option[], argv: readonly string[]): Arguments {
  const valued = options.filter(({ value }) => value !== undefined).map(({ name }) => name)
  const flags = options.filter(({ value }) => value === undefined).map(({ name }) => name)
  const unknown = (flag: string): never => {
    throw new UsageError(`unknown option ${flag}`)
  }
  const parsed = mri(attachValues(valued, flags, spellOut(options, argv)), {
    string: valued.map(positive),
    boolean: flags.map(positive),
    // Only these make a name known to mri.
    alias: Object.fromEntries(options.map(({ name }) => [positive(name), []])),
    unknown,
  })
  const values = (name: string): string[] => {
    const given: unknown = parsed[positive(name)]
    return given === undefined || typeof given === 'boolean' ? [] : [given].flat().map(String)
  }
  const count = (name: string): number =>
    [parsed[positive(name)] ?? []].flat().filter((given: unknown) => given === true).length
  for (const { name, repeatable } of options)
    if (!repeatable && values(name).length > 1) throw new UsageError(`--${name} is given twice`)
  return {
    has: (name) => count(name) > 0,
    count,
    value: (name) => values(name)[0],
    values,
    rest: parsed._.map(String),
  }
}

/**
 * Letters as long options: `-w10`, `-w 10` and `-w=10` as `--warning` `10`, `-Lv` as `--link`
 * `--verbose`. A value may begin with a dash: `-w -5`.
 */
export function spellOut(options: readonly Option[], argv: readonly string[]): string[] {
  const words: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string
    if (word === '--') return [...words, ...argv.slice(i)]
    const long = options.find(({ name, value }) => value && word === `--${name}`)
    if (long && i + 1 < argv.length) words.push(word, argv[++i] as string)
    else if (/^-[^-]/.test(word)) i += spellLetters(options, word, argv[i + 1], words)
    else words.push(word)
  }
  return words
}

/** Spells one word of letters out; returns how many of the words behind it were its value. */
function spellLetters(
  options: readonly Option[],
  word: string,
  next: string | undefined,
  words: string[],
): number {
  for (let at = 1; at < word.length; at++) {
    const option = options.find(({ letter }) => letter === word[at])
    if (!option) throw new UsageError(`unknown option -${word[at]}`)
    words.push(`--${option.name}`)
    if (option.value === undefined) continue
    const rest = word.slice(at + 1).replace(/^=/, '')
    const value = rest === '' ? next : rest
    if (value === undefined) throw new UsageError(`-${option.letter} wants a value`)
    words.push(value)
    return rest === '' ? 1 : 0
  }
  return 0
}

/** mri takes `--no-ssl` for the contrary of `--ssl`: here it is a name like any other. */
const positive = (name: string): string => name.replace(/^no-/, 'not-')

/** `--proc DIR` as `--proc=DIR`, so that mri takes a value that begins with a dash, and none is lost. */
function attachValues(
  valued: readonly string[],
  flags: readonly string[],
  argv: readonly string[],
): string[] {
  const words: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string
    if (word === '--') return [...words, ...argv.slice(i)]
    const [name = '', value] = word.startsWith('--') ? word.slice(2).split(/=(.*)/s, 2) : ['']
    // mri would take --no-help, and --help=no for help.
    if (flags.includes(name) && value !== undefined)
      throw new UsageError(`--${name} takes no value`)
    if (name !== '' && !flags.includes(name) && !valued.includes(name))
      throw new UsageError(`unknown option --${name}`)
    if (!valued.includes(name)) {
      words.push(name === '' ? word : `--${positive(name)}`)
      continue
    }
    const given = value ?? argv[++i]
    if (given === undefined || given === '') throw new UsageError(`--${name} wants a value`)
    words.push(`--${positive(name)}=${given}`)
  }
  return words
}

/** `-w, --warning RANGE`: an option as help and manual show it. */
export const optionHead = ({ letter, name, value }: Option): string =>
  `${letter ? `-${letter}, ` : ''}--${name}${value ? ` ${value}` : ''}`

/** The option list of `--help`, one option a line. */
export function optionList(options: readonly Option[]): string {
  const heads = options.map(optionHead)
  const width = Math.max(...heads.map(({ length }) => length))
  return options
    .map(({ summary }, i) => `  ${(heads[i] ?? '').padEnd(width)}  ${summary}\n`)
    .join('')
}
