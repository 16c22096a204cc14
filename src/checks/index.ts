// The table of all keys, in the order of the manual. A new check is one file and one name here.
import { type Check, syntax } from '../core/check.ts'
import { cpuI, cpus, cpuu, cpuw, ctxt } from './cpu.ts'
import { diskinodes, diskusage, diskusagelocal } from './disk.ts'
import { cat, cmp, filetimestamp, wcl } from './file.ts'
import { hostname, timediff } from './host.ts'
import { load1, load5, load15, proccount } from './load.ts'
import { loadmulti } from './loadmulti.ts'
import { swaps } from './memory.ts'
import { multi } from './multi.ts'
import { netlinksdown, nettraf, nettraf0, nettraf1 } from './net.ts'
import { cmdline, proccounttg, process, processd } from './process.ts'
import { self } from './self.ts'

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
  nettraf,
  nettraf0,
  nettraf1,
  netlinksdown,
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
  multi,
  keys,
  self,
]
