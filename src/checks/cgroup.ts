import type { Check } from '../core/check.ts'
import { noSuchObject } from '../core/errors.ts'
import { readMemoryGroup } from '../readers/cgroup.ts'
import { pathOf } from './arguments.ts'
import { megabytes, percent } from './percent.ts'

export const memcg: Check = {
  key: 'memcg',
  unit: '%',
  argument: '/CGROUP',
  slow: true,
  summary: 'percent of the memory limit of a control group in use',
  async run(system, argument) {
    const group = pathOf(argument)
    const { current, most, kills } = await readMemoryGroup(system, group === '/' ? '' : group)
    if (!Number.isFinite(most)) throw noSuchObject('its memory is not limited')
    const told = kills === undefined ? '' : `, ${kills} oom kills`
    return {
      value: String(most === 0 ? 100 : percent(current, most)),
      detail: `${megabytes(current)} of ${megabytes(most)}${told}`,
    }
  },
}
