import type { Check } from '../core/check.ts'
import { noSuchObject } from '../core/errors.ts'
import { type Loadavg, readLoadavg } from '../readers/loadavg.ts'

const load = (key: string, minutes: number, pick: (load: Loadavg) => string): Check => ({
  key,
  summary: `load average over ${minutes} minute${minutes > 1 ? 's' : ''}, decimal`,
  run(system) {
    const loadavg = readLoadavg(system)
    return { value: pick(loadavg), detail: loadavg.line }
  },
})

export const load1: Check = load('load1', 1, ({ one }) => one)
export const load5: Check = load('load5', 5, ({ five }) => five)
export const load15: Check = load('load15', 15, ({ fifteen }) => fifteen)

export const proccount: Check = {
  key: 'proccount',
  summary: 'scheduling entities: threads of all processes',
  run(system) {
    const { entities } = readLoadavg(system)
    if (entities === undefined) throw noSuchObject('threads are not counted here')
    return { value: entities }
  },
}
