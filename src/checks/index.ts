// The table of all keys, in the order of the manual. A new check is one file and one name here.
import { type Check, syntax } from '../core/check.ts'
import { cpuI, cpui, cpus, cpuu, cpuw, ctxt } from './cpu.ts'
import { diskinodes, diskusage, diskusagelocal } from './disk.ts'
import { diskio, disklatency } from './diskio.ts'
import { cat, cmp, filetimestamp, wcl } from './file.ts'
import { hostname, timediff, uptime } from './host.ts'
import { load1, load5, load15, proccount } from './load.ts'
import { loadmulti } from './loadmulti.ts'
import { mem, oomkills, swaps } from './memory.ts'
import { neterrs, netlinksdown, nettraf, nettraf0, nettraf1 } from './net.ts'
import { listendrops, tcpretrans, udpdrops } from './packets.ts'
import { cmdline, proccounttg, process, processd } from './process.ts'
import { self } from './self.ts'
import { blocked, forks, running, zombies } from './tasks.ts'
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
  cpui,
  ctxt,
  hostname,
  timediff,
  uptime,
  users,
  nettraf,
  nettraf0,
  nettraf1,
  neterrs,
  netlinksdown,
  udpdrops,
  tcpretrans,
  listendrops,
  mem,
  swaps,
  oomkills,
  diskusage,
  diskinodes,
  diskusagelocal,
  diskio,
  disklatency,
  proccount,
  proccounttg,
  running,
  blocked,
  zombies,
  forks,
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
