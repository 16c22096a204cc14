// What systeminformation and node:os tell of a host, checked: where systeminformation cannot read
// something it gives 0, an empty list, or what node:os has, and no error.
import { cpus, loadavg, networkInterfaces } from 'node:os'
import type * as SystemInformation from 'systeminformation'
import { fromUnicode } from '../core/bytes.ts'
import type { Process } from '../core/system.ts'

export type Si = Pick<typeof SystemInformation, 'fsSize' | 'mem' | 'networkStats' | 'processes'>

/** Milliseconds of all CPUs since boot. */
export type CpuTimes = Readonly<Record<'user' | 'nice' | 'sys' | 'idle' | 'irq', number>>

/** One interface. Counters that could not be read are not there. */
export interface LinkCounters {
  readonly name: string
  readonly physical: boolean
  readonly counters?: {
    readonly rx: number
    readonly tx: number
    readonly errors: number
    readonly drops: number
  }
}

/** A mounted file system as df(1) lists it. */
export interface Disk {
  readonly device: string
  readonly type: string
  readonly point: string
}

/** What is sampled together, and so has one age. Sizes are bytes; undefined is not told here. */
export interface Samples {
  readonly load: { readonly averages: readonly number[] | undefined }
  readonly counters: { readonly cpu: CpuTimes; readonly links: readonly LinkCounters[] | undefined }
  readonly memory: {
    readonly total: number
    readonly available: number
    readonly swap: { readonly size: number; readonly used: number } | undefined
  }
  readonly processes: readonly Process[]
  readonly disks: readonly Disk[]
}

export type Gather = { readonly [Name in keyof Samples]: () => Promise<Samples[Name]> }

/** What gathers each of the samples on a platform. They reject with a sentence. */
export const gatherers = (si: Si, platform: NodeJS.Platform, ownPid: number): Gather => ({
  // Windows has no load average, and node:os gives three zeros for it.
  load: async () => ({ averages: platform === 'win32' ? undefined : loadavg() }),
  counters: async () => ({ links: await gatherLinks(si, platform), cpu: gatherCpu() }),
  memory: () => gatherMemory(si, platform),
  processes: () => gatherProcesses(si, platform, ownPid),
  disks: () => gatherDisks(si),
})

function gatherCpu(): CpuTimes {
  const all = cpus().map(({ times }) => times)
  if (all.length === 0) throw new Error('node:os tells of no CPU')
  const sum = (name: keyof CpuTimes): number => all.reduce((total, times) => total + times[name], 0)
  return {
    user: sum('user'),
    nice: sum('nice'),
    sys: sum('sys'),
    idle: sum('idle'),
    irq: sum('irq'),
  }
}

/** Interfaces without a device behind them, by the names that systems give them. */
const VIRTUAL =
  /^(lo|docker|veth|br-|virbr|bridge|vmnet|vboxnet|vEthernet|utun|tun|tap|awdl|llw|anpi|ap\d|gif|stf|wg|ipsec|pflog|enc\d|epair)/i

/** Where systeminformation adds what netstat(1) counts for each address to what it counts for all. */
const COUNTS_TWICE: ReadonlySet<NodeJS.Platform> = new Set(['freebsd', 'openbsd', 'netbsd'])

/** Undefined where the counters are not to be believed. */
export async function gatherLinks(
  si: Pick<Si, 'networkStats'>,
  platform: NodeJS.Platform,
): Promise<LinkCounters[] | undefined> {
  if (COUNTS_TWICE.has(platform)) return undefined
  const known = networkInterfaces()
  const names = Object.keys(known).filter((name) => !/[,|]/.test(name))
  if (names.length === 0) return []
  const told = await si.networkStats(names.join(','))
  return told.map((link) => linkCounters(link, known[link.iface]?.[0]?.internal ?? false))
}

export function linkCounters(
  link: Pick<
    SystemInformation.Systeminformation.NetworkStatsData,
    'iface' | 'rx_bytes' | 'tx_bytes' | 'rx_errors' | 'tx_errors' | 'rx_dropped' | 'tx_dropped'
  >,
  internal: boolean,
): LinkCounters {
  const name = fromUnicode(link.iface)
  const physical = !internal && !VIRTUAL.test(name)
  const [rx, tx] = [link.rx_bytes, link.tx_bytes]
  const errors = link.rx_errors + link.tx_errors
  const drops = link.rx_dropped + link.tx_dropped
  // Both are 0 when the command failed; on an interface that was never used, too.
  const read = [rx, tx, errors, drops].every(isCount) && rx + tx > 0
  return read ? { name, physical, counters: { rx, tx, errors, drops } } : { name, physical }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

export async function gatherMemory(
  si: Pick<Si, 'mem'>,
  platform: NodeJS.Platform,
): Promise<Samples['memory']> {
  const { total, available, buffcache, swaptotal, swapused } = await si.mem()
  if (!isCount(total) || !isCount(available) || total === 0 || available > total)
    throw new Error('systeminformation could not read the memory')
  // Without a page cache the figures are those of node:os, which counts the cache as used.
  if (platform !== 'win32' && !(buffcache > 0))
    throw new Error('systeminformation could not read the page cache')
  // Only on Linux is "no swap" read from the same file as the rest; elsewhere 0 is failure, too.
  const known = isCount(swaptotal) && isCount(swapused) && (swaptotal > 0 || platform === 'linux')
  return { total, available, swap: known ? { size: swaptotal, used: swapused } : undefined }
}

const STATES: Readonly<Record<string, string>> = {
  running: 'R',
  sleeping: 'S',
  blocked: 'D',
  stopped: 'T',
  zombie: 'Z',
}

export async function gatherProcesses(
  si: Pick<Si, 'processes'>,
  platform: NodeJS.Platform,
  ownPid: number,
): Promise<Process[]> {
  const { list } = await si.processes()
  // Its second attempt lists one terminal's processes, and those have no parameters.
  if (list.length === 0 || list.some(({ pid, params }) => !isCount(pid) || params === undefined))
    throw new Error('systeminformation could not list the processes')
  const own = new Set([ownPid])
  // The programs that it starts to list the rest come after us, parents before children.
  const inOrder = [...list].sort((a, b) => a.pid - b.pid)
  for (let size = 0; size < own.size; ) {
    size = own.size
    for (const { pid, parentPid } of inOrder) if (own.has(parentPid)) own.add(pid)
  }
  return inOrder
    .filter(({ pid }) => !own.has(pid))
    .map((process) => ({
      pid: process.pid,
      state: platform === 'win32' ? undefined : (STATES[process.state] ?? '?'),
      tty: platform === 'win32' ? undefined : /^[-?]*$/.test(process.tty) ? 0 : 1,
      ...commandOf(process, platform),
    }))
}

/** The name, and the arguments with a NUL after the first: where the others end is not told. */
export function commandOf(
  {
    name,
    path,
    command,
    params,
  }: Pick<
    SystemInformation.Systeminformation.ProcessesProcessData,
    'name' | 'path' | 'command' | 'params'
  >,
  platform: NodeJS.Platform,
): { comm: string; cmdline: string } {
  if (platform === 'win32') return { comm: fromUnicode(name), cmdline: fromUnicode(command) }
  const whole = [path === '' ? command : `${path}/${command}`, params].filter(Boolean).join(' ')
  // A path that holds blanks and does not begin at the root is the arguments of a program.
  const blank = whole.startsWith('/') ? -1 : whole.indexOf(' ')
  const end = blank === -1 ? whole.length - (params === '' ? 0 : params.length + 1) : blank
  const argv0 = whole.slice(0, end)
  const comm = blank === -1 ? name : argv0.slice(argv0.lastIndexOf('/') + 1)
  return { comm: fromUnicode(comm), cmdline: fromUnicode(`${argv0}\0${whole.slice(end + 1)}`) }
}

export async function gatherDisks(si: Pick<Si, 'fsSize'>): Promise<Disk[]> {
  const disks = await si.fsSize()
  if (disks.length === 0) throw new Error('systeminformation could not list the file systems')
  return disks.map(({ fs, type, mount }) => ({
    device: fromUnicode(fs),
    type: type.toLowerCase(),
    point: fromUnicode(mount),
  }))
}
