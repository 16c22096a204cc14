// What the built-in commands have in common: an option table each, and a sentence for Nagios.
import type { Arguments, Option } from '../clients/argv.ts'
import { STATES, type State } from '../clients/nagios.ts'
import type { Verdict } from '../clients/question.ts'
import type { Ask } from '../core/answer.ts'
import type { System } from '../core/system.ts'

/** What a command may look at. */
export interface Host {
  readonly system: System
  readonly ask: Ask
}

/** A command of the name and with the options of a plugin of monitoring-plugins. */
export interface Named {
  readonly name: string
  readonly synopsis: string
  readonly options: readonly Option[]
  /** `words` are as they came: the order of options may matter. Text is bytes. Throws UsageError. */
  run(given: Arguments, host: Host, words: readonly string[]): Verdict | Promise<Verdict>
}

/** Options that all those plugins take; a time-out is the daemon's own deadline here. */
export const USUAL: readonly Option[] = [
  { letter: 't', name: 'timeout', value: 'SECONDS', summary: 'taken, and not needed' },
  { letter: 'v', name: 'verbose', repeatable: true, summary: 'taken, and not needed' },
  { letter: 'h', name: 'help', summary: 'print this' },
  { letter: 'V', name: 'version', summary: 'print the version' },
]

export const WARNING: Option = {
  letter: 'w',
  name: 'warning',
  value: 'RANGE',
  summary: 'when it is a WARNING',
}
export const CRITICAL: Option = {
  letter: 'c',
  name: 'critical',
  value: 'RANGE',
  summary: 'when it is CRITICAL',
}

/** `LOAD OK - text|data`. */
export const said = (what: string, state: State, text: string, data = ''): Verdict => ({
  state,
  text: `${what} ${STATES[state]} - ${text}${data && `|${data}`}`,
})
