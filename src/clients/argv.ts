import mri from 'mri'

/** An option of a program: `--proc DIR`. */
export interface Option {
  readonly name: string
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
  /** The value of an option that may be given once. */
  value(name: string): string | undefined
  values(name: string): readonly string[]
  readonly rest: readonly string[]
}

/** Reads a command line by a table of long options. Throws UsageError. */
export function parseArguments(options: readonly Option[], argv: readonly string[]): Arguments {
  const valued = options.filter(({ value }) => value !== undefined).map(({ name }) => name)
  const flags = options.filter(({ value }) => value === undefined).map(({ name }) => name)
  const unknown = (flag: string): never => {
    throw new UsageError(`unknown option ${flag}`)
  }
  const parsed = mri(attachValues(valued, argv), {
    string: valued,
    boolean: flags,
    // Only these make a name known to mri.
    alias: Object.fromEntries(options.map(({ name }) => [name, []])),
    unknown,
  })
  const values = (name: string): string[] => {
    const given: unknown = parsed[name]
    return given === undefined || typeof given === 'boolean' ? [] : [given].flat().map(String)
  }
  for (const { name, repeatable } of options)
    if (!repeatable && values(name).length > 1) throw new UsageError(`--${name} is given twice`)
  return {
    has: (name) => parsed[name] === true,
    value: (name) => values(name)[0],
    values,
    rest: parsed._.map(String),
  }
}

/** `--proc DIR` as `--proc=DIR`, so that mri takes a value that begins with a dash, and none is lost. */
function attachValues(valued: readonly string[], argv: readonly string[]): string[] {
  const words: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string
    if (word === '--') return [...words, ...argv.slice(i)]
    const [name = '', value] = word.startsWith('--') ? word.slice(2).split(/=(.*)/s, 2) : ['']
    if (!valued.includes(name)) {
      words.push(word)
      continue
    }
    const given = value ?? argv[++i]
    if (given === undefined || given === '') throw new UsageError(`--${name} wants a value`)
    words.push(`--${name}=${given}`)
  }
  return words
}

/** The option list of `--help`, one option a line. */
export function optionList(options: readonly Option[]): string {
  const heads = options.map(({ name, value }) => (value ? `--${name} ${value}` : `--${name}`))
  const width = Math.max(...heads.map(({ length }) => length))
  return options
    .map(({ summary }, i) => `  ${(heads[i] ?? '').padEnd(width)}  ${summary}\n`)
    .join('')
}
