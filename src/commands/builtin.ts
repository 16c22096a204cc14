// What is answered in this process: keys with thresholds, and commands of the names of plugins.
import { UsageError } from '../clients/argv.ts'
import { harmless, UNKNOWN } from '../clients/nagios.ts'
import { type Plugin, runPlugin } from '../clients/plugin.ts'
import type { Verdict } from '../clients/question.ts'
import { refusal } from '../core/answer.ts'
import type { CommandResult } from '../core/command.ts'
import { keys } from './keys.ts'
import type { Host, Named } from './named.ts'

/** check_nrpe itself sends 2048 bytes at most; more words than these are meant to keep a host busy. */
const MOST_WORDS = 256

/** Makes what answers the words of a built-in command: `check_load -w 5`, `load1 -w 5`. */
export function builtins(
  named: readonly Named[],
  host: Host,
  version: () => string,
): (words: readonly string[]) => Promise<CommandResult> {
  const plugins = new Map(named.map((command) => [command.name, plugin(command, host)]))
  const asked = plugin(keys, host)
  return async (words) => {
    if (words.length > MOST_WORDS)
      return { code: UNKNOWN, output: `a built-in command has at most ${MOST_WORDS} words` }
    const found = plugins.get(words[0] ?? '')
    const given = found || words[0] === keys.name ? words.slice(1) : words
    const { state, text } = await runPlugin(found ?? asked, given, version)
    return { code: state, output: text }
  }
}

/** A command as a plugin: what its check throws is told as the daemon tells it. */
const plugin = ({ name, synopsis, options, run }: Named, host: Host): Plugin => ({
  name,
  synopsis,
  options,
  run: async (given, words): Promise<Verdict> => {
    try {
      return await run(given, host, words)
    } catch (error) {
      if (error instanceof UsageError) throw error
      const { kind, reason, fault } = refusal(error)
      if (fault !== undefined) throw error
      return { state: UNKNOWN, text: `${name}: ${kind}${reason && ` (${harmless(reason)})`}` }
    }
  },
})
