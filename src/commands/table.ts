// From the name in a query to what answers it.
import type { Command } from '../codec/nrpe-config.ts'
import { MOST_ARGUMENTS } from '../codec/nrpe-query.ts'
import { fillIn, parseWords } from '../codec/words.ts'
import type { CommandResult, RunCommand } from '../core/command.ts'

type Running = CommandResult | Promise<CommandResult>

/** What runs the commands of a table. */
export interface Executors {
  /** Answers in this process; the words are bytes. */
  readonly builtin: (words: readonly string[]) => Running
  /** Starts a program; undefined where nothing is ever started. */
  readonly program: ((name: string, words: readonly string[]) => Running) | undefined
  /** Names that `builtin` answers although no line of the configuration has them. */
  readonly offered: ReadonlySet<string>
}

/** All arguments of a query, each split at its blanks: sites send `-w 5 -c 9` as one. */
const ALL = parseWords(Array.from({ length: MOST_ARGUMENTS }, (_, i) => `$ARG${i + 1}$`).join(' '))

/** Commands by name, or the reason why one is not run. */
export const runByName =
  (commands: ReadonlyMap<string, Command>, executors: Executors): RunCommand =>
  (name, args) => {
    const command = commands.get(name)
    if (command) return runCommand(command, name, args, executors)
    if (executors.offered.has(name)) return executors.builtin([name, ...fillIn(ALL, args)])
    return { code: 3, output: `NRPE: Command '${name}' not defined` }
  }

function runCommand(
  command: Command,
  name: string,
  args: readonly string[],
  { builtin, program }: Executors,
): Running {
  if (command.kind === 'builtin') return builtin(fillIn(command.words, args))
  if (command.kind === 'unusable' || !program) {
    const reason = command.kind === 'unusable' ? command.reason : 'nothing is started here'
    return { code: 3, output: `NRPE: Command '${name}' is not run: ${reason.replaceAll('|', '!')}` }
  }
  if (command.kind === 'shell') return program(name, ['/bin/sh', '-c', command.line])
  return program(name, fillIn(command.words, args))
}
