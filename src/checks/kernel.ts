import type { Check } from '../core/check.ts'
import { readCount } from '../readers/count.ts'

const counted = (key: string, file: string, summary: string): Check => ({
  key,
  summary,
  run: (system) => ({ value: String(readCount(system, file)) }),
})

export const entropy: Check = counted(
  'entropy',
  'sys/kernel/random/entropy_avail',
  'bits of entropy that the kernel has',
)

export const hungtasks: Check = counted(
  'hungtasks',
  'sys/kernel/hung_task_detect_count',
  'tasks that the kernel found hung since boot',
)
