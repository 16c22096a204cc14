import { printable } from '../core/bytes.ts'
import type { Answer, Check } from '../core/check.ts'
import { badArgument, codeOf, noSuchObject } from '../core/errors.ts'
import type { Process, System } from '../core/system.ts'
import { Turns } from '../core/turns.ts'
import { readFileNr } from '../readers/descriptors.ts'
import { percent } from './percent.ts'
import { named } from './process.ts'

interface Used {
  readonly pid: number
  readonly open: number
  readonly limit: number
  readonly share: number
}

/** One process; none when it has ended meanwhile. */
async function use(system: System, { pid }: Process): Promise<Used[]> {
  try {
    const { open, limit } = await system.descriptors(pid)
    return [{ pid, open, limit, share: limit === 0 ? 1 : open / limit }]
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return []
    throw error
  }
}

/** The process of that name that is nearest to its own limit. */
async function ofName(system: System, name: string): Promise<Answer> {
  if (name === '') throw badArgument('a NAME is wanted')
  const matches = named(name)
  const turns = new Turns()
  const used: Used[] = []
  for (const process of await system.processes()) {
    if (process.state !== 'Z' && matches(process)) used.push(...(await use(system, process)))
    if (turns.over) await turns.next()
  }
  const [first, ...others] = used
  if (!first) throw noSuchObject(`no process ${printable(name)}`)
  const most = others.reduce((a, b) => (b.share > a.share ? b : a), first)
  const limit = Number.isFinite(most.limit) ? String(most.limit) : 'unlimited'
  return {
    value: String(percent(most.share, 1)),
    detail: `${most.pid} has ${most.open} of ${limit}`,
  }
}

export const fds: Check = {
  key: 'fds',
  unit: '%',
  argument: '[/NAME]',
  slow: true,
  summary: 'percent of open files in use; with NAME of its own limit, the worst such process',
  run(system, argument) {
    if (argument !== '') return ofName(system, argument)
    const { used, most } = readFileNr(system)
    return { value: String(percent(used, Number(most))), detail: `${used} of ${most}` }
  },
}
