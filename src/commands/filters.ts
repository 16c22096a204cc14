// Which processes check_procs is asked for.
import { type Arguments, UsageError } from '../clients/argv.ts'
import { noSuchObject } from '../core/errors.ts'
import { readWhole } from '../readers/content.ts'
import { parsePasswd } from '../readers/passwd.ts'
import type { Host } from './named.ts'
import { pattern } from './patterns.ts'
import { argumentsOf, isNamed, type Measured } from './processes.ts'

/** A filter as the output names it, and whether a process passes it. */
export interface Filter {
  readonly said: string
  readonly passes: (measured: Measured) => boolean
}

/** The filters that were asked for. Throws UsageError. */
export async function filters(given: Arguments, { system }: Host): Promise<Filter[]> {
  const found: Filter[] = []
  const take = (
    name: string,
    make: (text: string) => Filter | Promise<Filter>,
  ): Promise<void> | undefined => {
    const text = given.value(name)
    return text === undefined
      ? undefined
      : Promise.resolve(make(text)).then((one) => void found.push(one))
  }
  const number = (name: string, text: string): number => {
    if (!/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`--${name} "${text}" is no number`)
    return Number(text)
  }
  const least = (name: 'vsz' | 'rss' | 'pcpu'): Promise<void> | undefined =>
    take(name, (text) => {
      const limit = number(name, text)
      const shown = name === 'pcpu' ? limit.toFixed(2) : text
      return { said: `${name.toUpperCase()} >= ${shown}`, passes: (one) => one[name] >= limit }
    })
  await take('ppid', (text) => {
    const parent = number('ppid', text)
    return { said: `PPID = ${parent}`, passes: ({ ppid }) => ppid === parent }
  })
  for (const name of ['vsz', 'rss', 'pcpu'] as const) await least(name)
  await take('user', (text) => ofUser(text, system))
  await take('argument-array', (text) => ({
    said: `args '${text}'`,
    passes: ({ process }) => argumentsOf(process).includes(text),
  }))
  await take('ereg-argument-array', async (text) => {
    const matches = await pattern(text)
    return { said: `regex args '${text}'`, passes: ({ process }) => matches(argumentsOf(process)) }
  })
  await take('command', (text) => ({
    said: `command name '${text}'`,
    passes: ({ process }) => isNamed(process, text),
  }))
  await take('state', (text) => ({
    said: `STATE = ${text}`,
    passes: ({ process }) => text.includes(process.state ?? '?'),
  }))
  return found
}

/** Throws UsageError. */
async function ofUser(asked: string, system: Host['system']): Promise<Filter> {
  const known = parsePasswd(await readWhole(system, '/etc/passwd'), asked)
  if (!known && !/^\d+$/.test(asked)) throw new UsageError(`User name "${asked}" was not found`)
  const uid = known?.uid ?? Number(asked)
  return {
    said: `UID = ${uid} (${known?.name ?? asked})`,
    passes: ({ process }) => {
      if (!system.ownerOf) throw noSuchObject('owners of processes are not told here')
      return system.ownerOf(process.pid) === uid
    },
  }
}
