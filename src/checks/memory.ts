import type { Check } from '../core/check.ts'
import { readSwaps } from '../readers/swaps.ts'

const megabytes = (kib: number): string => `${Math.round(kib / 1024)}MB`

export const swaps: Check = {
  key: 'swaps',
  unit: '%',
  summary: 'percent of swap space in use, 0 where there is none',
  run(system) {
    const { size, used } = readSwaps(system)
    return {
      value: size === 0 ? '0' : String(Math.round((used * 100) / size)),
      detail: `${megabytes(used)} of ${megabytes(size)}`,
    }
  },
}
