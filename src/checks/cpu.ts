import type { Check } from '../core/check.ts'
import { cannotAnswerNow, noSuchObject } from '../core/errors.ts'
import type { Span, System } from '../core/system.ts'
import { windowOf } from './arguments.ts'
import { extremes, rateOf } from './rate.ts'

/** Ticks that only grow. Idle and iowait may run backwards a little, proc(5). */
const RISING = ['stat/user', 'stat/nice', 'stat/system', 'stat/irq', 'stat/softirq']

interface Shares {
  readonly user: number
  readonly system: number
  /** Undefined where the kernel does not count it. */
  readonly wait: number | undefined
  readonly idle: number
}

/** Percent of the time of all CPUs, each rounded down; undefined while no tick was counted. */
function shares(system: System, span: Span): Shares | undefined {
  const ticks = (...names: string[]): number =>
    names.reduce((sum, name) => sum + Math.max(0, system.history.growth(`stat/${name}`, span)), 0)
  const user = ticks('user', 'nice')
  const kernel = ticks('system', 'irq', 'softirq')
  const wait = system.history.has('stat/iowait') ? ticks('iowait') : undefined
  const idle = ticks('idle')
  const total = user + kernel + (wait ?? 0) + idle + ticks('steal')
  if (total === 0) return undefined
  const percent = (part: number): number => Math.floor((part * 100) / total)
  return {
    user: percent(user),
    system: percent(kernel),
    wait: wait === undefined ? undefined : percent(wait),
    idle: percent(idle),
  }
}

const NONE = { user: Number.NaN, system: Number.NaN, wait: Number.NaN, idle: Number.NaN }

const cpu = (
  key: string,
  summary: string,
  pick: (shares: Shares) => number | undefined,
): Check => ({
  key,
  unit: '%',
  argument: '[/SECONDS]',
  summary,
  run(system, argument) {
    const span = system.history.span(RISING, windowOf(argument))
    const found = shares(system, span)
    if (!found) throw cannotAnswerNow('no tick was counted yet')
    const value = pick(found)
    if (value === undefined) throw noSuchObject('the kernel does not count iowait')
    const wait = found.wait === undefined ? '' : `w${found.wait}`
    const second = (step: Span): number => pick(shares(system, step) ?? NONE) ?? Number.NaN
    // The seed's detail stands alone unless a window is asked for.
    const seconds = argument === '' ? '' : ` ${extremes(system.history, span, second, String)}`
    return { value: String(value), detail: `u${found.user}s${found.system}${wait}${seconds}` }
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
export const cpui: Check = cpu('cpui', 'percent of all CPUs idle', ({ idle }) => idle)

export const ctxt: Check = {
  key: 'ctxt',
  unit: '/s',
  argument: '[/SECONDS]',
  summary: 'context switches a second',
  run({ history }, argument) {
    const { value, extremes } = rateOf(history, ['stat/ctxt'], windowOf(argument))
    return argument === '' ? { value } : { value, detail: extremes() }
  },
}
