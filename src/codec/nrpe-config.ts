// The configuration file of nrpe: its lines, and what they say together.
import { type Draft, directives, draft, type NrpeConfig } from './nrpe-directives.ts'
import { MOST_ARGUMENTS } from './nrpe-query.ts'
import { feedsShell, highestArgument, parseWords, type Template, WordError } from './words.ts'

/** A line `name=value` of a configuration file, or `command[KEY]=value`. */
export interface Line {
  readonly file: string
  readonly number: number
  readonly name: string
  readonly key?: string
  readonly value: string
}

/**
 * What is to be said of a line: a note; a wrong line, which is left out; or one without which the
 * daemon does not start.
 */
export interface Finding {
  readonly where: string
  readonly weight: 'note' | 'wrong' | 'fatal'
  readonly text: string
}

/** What answers a command. */
export type Command =
  | { readonly kind: 'builtin'; readonly words: Template }
  | { readonly kind: 'program'; readonly words: Template }
  | { readonly kind: 'shell'; readonly line: string }
  | { readonly kind: 'unusable'; readonly reason: string }

export interface Interpreted {
  readonly config: NrpeConfig
  readonly commands: ReadonlyMap<string, Command>
  readonly findings: readonly Finding[]
  /** Where each directive, and each `command[NAME]`, stands last: `FILE:LINE`. */
  readonly places: ReadonlyMap<string, string>
}

const LINE = /^([^=[\]]*?)(?:\[(.*?)\])?\s*=\s*(.*)$/s

export const placeOf = ({ file, number }: Pick<Line, 'file' | 'number'>): string =>
  `${file}:${number}`

/** The lines of a file; those that are none are findings. Text is bytes. */
export function parseLines(text: string, file: string): { lines: Line[]; findings: Finding[] } {
  const lines: Line[] = []
  const findings: Finding[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const [, name, key, value = ''] = LINE.exec(line) ?? []
    const place = { file, number: index + 1 }
    const wrong = (sentence: string): void => {
      findings.push({ where: placeOf(place), weight: 'fatal', text: sentence })
    }
    if (name === undefined || name === '') wrong(`"${line.slice(0, 80)}" is not NAME=VALUE`)
    else if (value === '') wrong(`${name} has no value`)
    else if (name === 'command' && !key) wrong('command[NAME] is wanted')
    else lines.push({ ...place, name, value, ...(key !== undefined && { key }) })
  }
  return { lines, findings }
}

/** What the lines say together; of lines that say the same the last counts. */
export function interpret(lines: readonly Line[]): Interpreted {
  const findings: Finding[] = []
  const config: Draft = draft()
  const last = new Map<string, Line>()
  const places = new Map<string, string>()
  for (const line of lines) {
    const say = (weight: Finding['weight'], text: string): void => {
      findings.push({ where: placeOf(line), weight, text })
    }
    if (line.name === 'command') {
      last.set(line.key ?? '', line)
      continue
    }
    places.set(line.name, placeOf(line))
    const directive = directives.get(line.name)
    const wrong = directive?.(config, line.value)
    if (!directive) say('note', `unknown directive ${line.name}`)
    else if (wrong?.startsWith('note: ')) say('note', `${line.name}: ${wrong.slice(6)}`)
    else if (wrong !== undefined) say('fatal', `${line.name}=${line.value}: ${wrong}`)
  }
  const commands = new Map<string, Command>()
  for (const [name, line] of last) {
    const command = commandOf(line.value, config.prefix)
    commands.set(name, command)
    places.set(`command[${name}]`, placeOf(line))
    if (command.kind === 'unusable')
      findings.push({
        where: placeOf(line),
        weight: 'wrong',
        text: `command[${name}]: ${command.reason}`,
      })
  }
  return { config, commands, findings, places }
}

/** What a command line of the configuration means. */
function commandOf(line: string, prefix: string): Command {
  const builtin = /^builtin\s+(.*)$/s.exec(line)
  const shell = /^shell:\s*(.*)$/s.exec(line)
  if (line === 'builtin' || shell?.[1] === '')
    return { kind: 'unusable', reason: `${line} is followed by nothing` }
  if (shell?.[1]) {
    if (/\$ARG\d+\$/.test(line))
      return { kind: 'unusable', reason: 'arguments never reach a shell: no $ARGn$ behind shell:' }
    return { kind: 'shell', line: `${prefix}${shell[1].replaceAll('$$', '$')}` }
  }
  try {
    const words = parseWords(builtin?.[1] ?? prefix + line)
    if (highestArgument(words) > MOST_ARGUMENTS)
      return { kind: 'unusable', reason: `a query has ${MOST_ARGUMENTS} arguments at most` }
    if (feedsShell(words))
      return { kind: 'unusable', reason: 'arguments never reach a shell: no $ARGn$ in its code' }
    return { kind: builtin?.[1] ? 'builtin' : 'program', words }
  } catch (error) {
    if (!(error instanceof WordError)) throw error
    return { kind: 'unusable', reason: `${error.message}; begin the line with shell: to use one` }
  }
}
