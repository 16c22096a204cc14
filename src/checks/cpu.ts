import type { Check } from '../core/check.ts'
import { cannotAnswerNow } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { windowOf } from './arguments.ts'

/** Ticks that only grow. Idle and iowait may run backwards a little, proc(5). */
const RISING = ['stat/user', 'stat/nice', 'stat/system', 'stat/irq', 'stat/softirq']

interface Shares {
  readonly user: number
  readonly system: number
  readonly wait: number
  readonly idle: number
}

/** Percent of the time of all CPUs, each rounded down. */
function shares(system: System, seconds: number): Shares {
  const span = system.history.span(RISING, seconds)
  const ticks = (...names: string[]): number =>
    names.reduce((sum, name) => sum + Math.max(0, system.history.growth(`stat/${name}`, span)), 0)
  const user = ticks('user', 'nice')
  const kernel = ticks('system', 'irq', 'softirq')
  const wait = ticks('iowait')
  const idle = ticks('idle')
  const total = user + kernel + wait + idle + ticks('steal')
  if (total === 0) throw cannotAnswerNow('no tick was counted yet')
  const percent = (part: number): number => Math.floor((part * 100) / total)
  return { user: percent(user), system: percent(kernel), wait: percent(wait), idle: percent(idle) }
}

const cpu = (key: string, summary: string, pick: (shares: Shares) => number): Check => ({
  key,
  unit: '%',
  argument: '[/SECONDS]',
  summary,
  run(system, argument) {
    const found = shares(system, windowOf(argument))
    return {
      value: String(pick(found)),
      detail: `u${found.user}s${found.system}w${found.wait}`,
    }
  },
})

export const cpuu: Check = cpu('cpuu', 'percent of all CPUs in user and nice', ({ user }) => user)
export const cpus: Check = cpu(
  'cpus',
  'percent of all CPUs in system, irq and softirq',
  (s) => s.system,
)
export const cpuw: Check = cpu('cpuw', 'percent of all CPUs in iowait', ({ wait }) => wait)
export const cpuI: Check = cpu('cpuI', 'percent of all CPUs not idle', ({ idle }) => 100 - idle)

export const ctxt: Check = {
  key: 'ctxt',
  unit: '/s',
  argument: '[/SECONDS]',
  summary: 'context switches a second',
  run({ history }, argument) {
    const span = history.span(['stat/ctxt'], windowOf(argument))
    return { value: String(Math.round(history.growth('stat/ctxt', span) / span.seconds)) }
  },
}
