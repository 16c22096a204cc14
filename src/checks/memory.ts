import type { Check } from '../core/check.ts'
import { noSuchObject } from '../core/errors.ts'
import { readMeminfo } from '../readers/meminfo.ts'
import { readSwaps } from '../readers/swaps.ts'
import { readOomKills } from '../readers/vmstat.ts'
import { megabytes, percent } from './percent.ts'

const KIB = 1_024

export const swaps: Check = {
  key: 'swaps',
  unit: '%',
  summary: 'percent of swap space in use, 0 where there is none',
  run(system) {
    const { size, used } = readSwaps(system)
    return {
      value: size === 0 ? '0' : String(percent(used, size)),
      detail: `${megabytes(used * KIB)} of ${megabytes(size * KIB)}`,
    }
  },
}

export const mem: Check = {
  key: 'mem',
  unit: '%',
  summary: 'percent of memory in use: all that is not available to programs',
  run(system) {
    const { total, available, formula } = readMeminfo(system)
    const how = formula === undefined ? '' : `, available is ${formula}`
    return {
      value: String(percent(total - available, total)),
      detail: `${megabytes(available * KIB)} of ${megabytes(total * KIB)} available${how}`,
    }
  },
}

const HOUR = 3_600
const KILLS = 'vmstat/oom_kill'

export const oomkills: Check = {
  key: 'oomkills',
  summary: 'processes killed since boot because memory ran out',
  run(system) {
    const kills = readOomKills(system)
    if (kills === undefined) throw noSuchObject('this kernel does not count them')
    const { hours } = system
    const span = hours.span([KILLS], HOUR)
    // The newest sample may be a minute old.
    const lately = hours.growth(KILLS, span) + kills - hours.latest(KILLS)
    const age = Math.min(60, Math.ceil(span.seconds / 60))
    return { value: String(kills), detail: `${lately} in the last ${age}m` }
  },
}
