import { printable } from '../core/bytes.ts'
import type { Check } from '../core/check.ts'
import { readKind, readLimits } from '../readers/container.ts'
import { megabytes } from './percent.ts'

export const container: Check = {
  key: 'container',
  slow: true,
  summary: '1 in a container, 0 where there is no sign of one',
  async run(system) {
    const kind = await readKind(system)
    const { memory, cpus, pids } = await readLimits(system)
    const limits = [
      ...(Number.isFinite(memory) ? [`memory=${megabytes(memory)}`] : []),
      ...(Number.isFinite(cpus) ? [`cpus=${Math.round(cpus * 100) / 100}`] : []),
      ...(Number.isFinite(pids) ? [`pids=${pids}`] : []),
    ]
    return {
      value: kind === undefined ? '0' : '1',
      detail: [printable(kind ?? 'none'), ...limits].join(' '),
    }
  },
}
