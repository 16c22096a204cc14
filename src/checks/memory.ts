import type { Check } from '../core/check.ts'
import { readMeminfo } from '../readers/meminfo.ts'
import { readSwaps } from '../readers/swaps.ts'

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
