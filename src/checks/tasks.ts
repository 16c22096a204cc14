import { printable } from '../core/bytes.ts'
import type { Check } from '../core/check.ts'
import { noSuchObject } from '../core/errors.ts'
import { readTasks } from '../readers/stat.ts'
import { windowOf } from './arguments.ts'
import { firstOf } from './list.ts'
import { rateOf } from './rate.ts'

export const running: Check = {
  key: 'running',
  summary: 'tasks that run or could run now, the one that answers among them',
  run: (system) => ({ value: String(readTasks(system).running) }),
}

export const blocked: Check = {
  key: 'blocked',
  summary: 'tasks that wait for a disk or a server, and cannot be interrupted',
  run: (system) => ({ value: String(readTasks(system).blocked) }),
}

export const zombies: Check = {
  key: 'zombies',
  slow: true,
  summary: 'processes that ended and that nobody waited for',
  async run(system) {
    const processes = await system.processes()
    if (processes.some(({ state }) => state === undefined))
      throw noSuchObject('processes have no such state here')
    const found = processes.filter(({ state }) => state === 'Z')
    return {
      value: String(found.length),
      detail: firstOf(found.map(({ pid, comm }) => `${pid} ${printable(comm)}`)),
    }
  },
}

export const forks: Check = {
  key: 'forks',
  unit: '/s',
  argument: '[/SECONDS]',
  summary: 'processes and threads that began a second',
  run({ history }, argument) {
    const { value, extremes } = rateOf(history, ['stat/processes'], windowOf(argument))
    return { value, detail: extremes() }
  },
}
