// The table of all keys, in the order of the manual. A new check is one file and one name here.
import { type Check, syntax } from '../core/check.ts'
import { cpuI, cpus, cpuu, cpuw, ctxt } from './cpu.ts'
import { diskinodes, diskusage, diskusagelocal } from './disk.ts'
import { cat, cmp, filetimestamp, wcl } from './file.ts'
import { hostname, timediff, uptime } from './host.ts'
import { load1, load5, load15, proccount } from './load.ts'
import { loadmulti } from './loadmulti.ts'
import { mem, swaps } from './memory.ts'
import { netlinksdown, nettraf, nettraf0, nettraf1 } from './net.ts'
import { cmdline, proccounttg, process, processd } from './process.ts'
import { self } from './self.ts'
import { users } from './users.ts'

const keys: Check = {
  key: 'keys',
  summary: 'how many keys there are; the detail lists them',
  run: () => ({ value: String(checks.length), detail: checks.map(syntax).join('\n') }),
}

export const checks: readonly Check[] = [
  load1,
  load5,
  load15,
  cpuu,
  cpus,
  cpuw,
  cpuI,
  ctxt,
  hostname,
  timediff,
  uptime,
  users,
  nettraf,
  nettraf0,
  nettraf1,
  netlinksdown,
  mem,
  swaps,
  diskusage,
  diskinodes,
  diskusagelocal,
  proccount,
  proccounttg,
  process,
  processd,
  cmdline,
  cat,
  cmp,
  filetimestamp,
  wcl,
  loadmulti,
  keys,
  self,
]
