// The table of all keys, in the order of the manual. A new check is one file and one name here.
import { type Check, syntax } from '../core/check.ts'
import { cachedvalue } from './cached.ts'
import { memcg } from './cgroup.ts'
import { clocksync } from './clock.ts'
import { container } from './container.ts'
import { cpuI, cpui, cpus, cpuu, cpuw, ctxt } from './cpu.ts'
import { diskinodes, diskusage, diskusagelocal } from './disk.ts'
import { diskio, disklatency } from './diskio.ts'
import { dmesg } from './dmesg.ts'
import { fds } from './fds.ts'
import { cat, cmp, filetimestamp, wcl } from './file.ts'
import { hostname, timediff, uptime } from './host.ts'
import { entropy, hungtasks } from './kernel.ts'
import { load1, load5, load15, proccount } from './load.ts'
import { loadmulti } from './loadmulti.ts'
import { mailqsize } from './mail.ts'
import { mem, oomkills, swaps } from './memory.ts'
import { mounted, mountro } from './mounts.ts'
import { multi } from './multi.ts'
import { neterrs, netlink, netlinksdown, nettraf, nettraf0, nettraf1 } from './net.ts'
import { listendrops, tcpretrans, udpdrops } from './packets.ts'
import { pressure } from './pressure.ts'
import { cmdline, proccounttg, process, processd } from './process.ts'
import { bond, mdraid } from './redundancy.ts'
import { self } from './self.ts'
import { conntrack, sockets } from './sockets.ts'
import { systemd } from './systemd.ts'
import { blocked, forks, running, zombies } from './tasks.ts'
import { temp } from './temp.ts'
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
  clocksync,
  systemd,
  container,
  temp,
  entropy,
  hungtasks,
  dmesg,
  nettraf,
  nettraf0,
  nettraf1,
  neterrs,
  netlink,
  netlinksdown,
  bond,
  udpdrops,
  tcpretrans,
  listendrops,
  sockets,
  conntrack,
  mem,
  swaps,
  oomkills,
  memcg,
  pressure,
  diskusage,
  diskinodes,
  diskusagelocal,
  diskio,
  disklatency,
  mountro,
  mounted,
  mdraid,
  proccount,
  proccounttg,
  running,
  blocked,
  zombies,
  forks,
  fds,
  process,
  processd,
  cmdline,
  cat,
  cmp,
  filetimestamp,
  wcl,
  cachedvalue,
  mailqsize,
  loadmulti,
  multi,
  keys,
  self,
]
