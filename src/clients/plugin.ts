import { type Arguments, type Option, optionList, parseArguments, UsageError } from './argv.ts'
import { UNKNOWN } from './nagios.ts'
import { print } from './print.ts'
import type { Verdict } from './question.ts'

/** A program for Nagios: its name, its options, and what it does with them. */
export interface Plugin {
  readonly name: string
  readonly synopsis: string
  readonly options: readonly Option[]
  /** Gets the words as they are, too: groups of options depend on their order. */
  run(given: Arguments, argv: readonly string[]): Promise<Verdict>
}

/** What a run prints, and its exit code: whatever goes wrong is UNKNOWN, as are help and version. */
export async function runPlugin(
  plugin: Plugin,
  argv: readonly string[],
  version: () => string,
): Promise<Verdict> {
  const usage = `usage: ${plugin.name} ${plugin.synopsis}`
  try {
    const given = parseArguments(plugin.options, argv)
    if (given.has('help'))
      return { state: UNKNOWN, text: `${usage}\n\n${optionList(plugin.options)}` }
    if (given.has('version')) return { state: UNKNOWN, text: `${plugin.name} ${version()}` }
    return await plugin.run(given, argv)
  } catch (error) {
    const { message } = error as Error
    if (error instanceof UsageError) return { state: UNKNOWN, text: `${message}; ${usage}` }
    return { state: UNKNOWN, text: `${plugin.name}: ${message}` }
  }
}

/** Runs a plugin as the program that this process is. */
export function startPlugin(plugin: Plugin, version: () => string): void {
  void runPlugin(plugin, process.argv.slice(2), version).then(({ state, text }) => {
    print(1, Buffer.from(`${text}\n`))
    process.exit(state)
  })
}
