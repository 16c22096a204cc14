import type { Check } from '../core/check.ts'
import { cannotAnswerNow, noSuchObject } from '../core/errors.ts'
import { describeSensor, readSensors } from '../readers/hwmon.ts'

export const temp: Check = {
  key: 'temp',
  unit: '°C',
  slow: true,
  summary: 'degrees Celsius of the hottest sensor',
  async run(system) {
    const { sensors, silent } = await readSensors(system)
    const [first, ...others] = sensors
    if (!first) {
      if (silent === 0) throw noSuchObject('no temperature sensor')
      throw cannotAnswerNow(`none of ${silent} sensors answers`)
    }
    const hottest = others.reduce((a, b) => (b.celsius > a.celsius ? b : a), first)
    const told = await describeSensor(system, hottest)
    const unread = silent > 0 ? [`${silent} not read`] : []
    return {
      value: String(Math.round(hottest.celsius)),
      detail: [...told, ...unread].join(', '),
    }
  },
}
