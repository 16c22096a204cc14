import { checks } from '../checks/index.ts'
import { parseArguments, UsageError } from '../clients/argv.ts'
import { named } from '../commands/index.ts'
import { keys } from '../commands/keys.ts'
import type { Host } from '../commands/named.ts'
import { Refused } from '../core/errors.ts'
import { find, registry } from '../core/registry.ts'
import type { System } from '../core/system.ts'

/** A command got as far as looking at the host: its words are good. */
class Reached extends Error {}

const reached = (): never => {
  throw new Reached()
}

/** What is wrong with the words of a built-in command, if anything is; the host is not looked at. */
export async function builtinProblem(words: readonly string[]): Promise<string | undefined> {
  const command = [keys, ...named].find(({ name }) => name === words[0])
  const { options, run } = command ?? keys
  const given = command ? words.slice(1) : words
  try {
    const parsed = parseArguments(options, given)
    if (!parsed.has('help') && !parsed.has('version')) await run(parsed, NOWHERE, given)
    return undefined
  } catch (error) {
    if (error instanceof UsageError) return error.message
    return error instanceof UnknownKey ? error.message : undefined
  }
}

class UnknownKey extends Error {}

const TABLE = registry(checks)

const NOWHERE: Host = {
  system: new Proxy({}, { get: reached }) as System,
  ask: ({ key }) => {
    try {
      find(TABLE, key)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      throw new UnknownKey(`${key}: ${error.kind}${error.message && ` (${error.message})`}`)
    }
    return reached()
  },
}
