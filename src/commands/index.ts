// The commands that are answered here under the names of plugins of monitoring-plugins.
import { checkDisk } from './disk.ts'
import { checkLoad } from './load.ts'
import { checkMem } from './mem.ts'
import type { Named } from './named.ts'
import { checkProcs } from './procs.ts'
import { checkSwap } from './swap.ts'
import { checkUptime } from './uptime.ts'
import { checkUsers } from './users.ts'

export const named: readonly Named[] = [
  checkLoad,
  checkDisk,
  checkSwap,
  checkProcs,
  checkUsers,
  checkUptime,
  checkMem,
]
