import type { Check } from '../core/check.ts'
import { noSuchObject } from '../core/errors.ts'
import { readMeminfo } from '../readers/meminfo.ts'
import { readSwaps } from '../readers/swaps.ts'
import { readOomKills } from '../readers/vmstat.ts'

const megabytes = (kib: number): string => `${Math.round(kib / 1024)}MB`

export const swaps: Check = {
  key: 'swaps',
  summary: 'percent of swap space in use, 0 where there is none',
  run(system) {
    const { size, used } = readSwaps(system)
    return {
      value: size === 0 ? '0' : String(Math.round((used * 100) / size)),
      detail: `${megabytes(used)} of ${megabytes(size)}`,
    }
  },
}

export const mem: Check = {
  key: 'mem',
  summary: 'percent of memory in use: all that is not available to programs',
  run(system) {
    const { total, available, formula } = readMeminfo(system)
    const how = formula === undefined ? '' : `, available is ${formula}`
    return {
      value: String(Math.round(((total - available) * 100) / total)),
      detail: `${megabytes(available)} of ${megabytes(total)} available${how}`,
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
