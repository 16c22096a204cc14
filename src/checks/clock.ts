import type { Check } from '../core/check.ts'
import { noSuchObject } from '../core/errors.ts'
import { readSynchronised } from '../readers/timesync.ts'

/** Seconds after which what was written says nothing of now: the writers' longest pause, doubled. */
const FRESH = 7_200

export const clocksync: Check = {
  key: 'clocksync',
  slow: true,
  summary: '0 when the clock is known to be synchronised',
  async run(system) {
    const last = await readSynchronised(system)
    if (!last) throw noSuchObject('no file of systemd-timesyncd or chrony tells')
    const age = Math.floor((system.now() - last.at) / 1000)
    if (age > FRESH) throw noSuchObject(`${last.by} last synchronised it ${age}s ago`)
    if (age < 0) throw noSuchObject(`${last.by} last synchronised it in the future`)
    return { value: '0', detail: `${last.by} ${age}s ago` }
  },
}
