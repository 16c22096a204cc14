import { checks } from '../checks/index.ts'
import { answerer } from '../core/answer.ts'
import type { Ask, Reply } from '../core/check.ts'
import { type Registry, registry } from '../core/registry.ts'
import { newVitals } from '../core/vitals.ts'
import { readSets } from '../readers/sets.ts'
import { LinuxSystem } from '../readers/system.ts'
import type { HostOptions } from './host.ts'
import { mostHung } from './threads.ts'

/** A host that is asked once, by a process that ends then. */
export interface Once {
  readonly ask: Ask
  readonly table: Registry
  readonly system: LinuxSystem
}

/** Milliseconds between the two samples that a rate is made of. */
const APART = 1_000

/** What a rate needs is sampled when the first one is asked for, and said so. */
export function askOnce(options: HostOptions, say: (line: string) => void): Once {
  if (options.source !== 'linux')
    throw new Error('knoerre reads /proc, which this system does not have: ask a knoerred')
  const table = registry(checks)
  const system = new LinuxSystem({ ...options, mostHung: mostHung() }, newVitals())
  const tell = (key: string, fault: unknown): void =>
    say(`fault in ${key}: ${fault instanceof Error ? fault.stack : fault}`)
  const ask = answerer(table, system, tell, readSets(options.sets, table))
  let started: Promise<void> | undefined
  const sampled = (): Promise<void> => {
    if (!started) {
      started = system.start(APART)
      say('two samples, one second apart')
    }
    return started
  }
  return {
    table,
    system,
    ask: (question) => {
      const again = (reply: Reply): Reply | Promise<Reply> =>
        system.history.asked || system.hours.asked ? sampled().then(() => ask(question)) : reply
      const reply = ask(question)
      return reply instanceof Promise ? reply.then(again) : again(reply)
    },
  }
}
