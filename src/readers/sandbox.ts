import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import type { Mount } from '../core/system.ts'
import { parseMountinfo } from './mounts.ts'
import { parseNetDev } from './netdev.ts'

/** The trees of the host, as options name them. */
interface Trees {
  readonly proc: string
  readonly sys: string
  readonly root: string
}

/** Keys that are read from one thing of the host, and so lie together when it is not the host's. */
const KEYS = {
  disks:
    'diskusage diskinodes diskusagelocal mountro mounted cat cmp filetimestamp wc-l users mailqsize clocksync',
  net: [
    'nettraf nettraf0 nettraf1 neterrs netlink netlinksdown bond udpdrops tcpretrans listendrops',
    'sockets conntrack',
  ].join(' '),
  processes: 'process processd cmdline proccounttg zombies fds/NAME',
}

/** What lxcfs puts over files of /proc, and the keys that then speak of the container. */
const LXCFS: Readonly<Record<string, string>> = {
  loadavg: 'load1 load5 load15 proccount',
  stat: 'cpuu cpus cpuw cpuI cpui ctxt running blocked forks',
  swaps: 'swaps',
  meminfo: 'mem',
  uptime: 'uptime',
  diskstats: 'diskio disklatency',
  'pressure/cpu': 'pressure/cpu',
  'pressure/io': 'pressure/io',
  'pressure/memory': 'pressure/memory',
}

/** The initial pid namespace has this inode on every kernel: PROC_PID_INIT_INO of linux/proc_ns.h. */
const HOST_PID_NAMESPACE = 'pid:[4026531836]'

/** One sentence for each reason why keys speak of a sandbox and not of the host. */
export function sandboxFindings({ proc, sys, root }: Trees): string[] {
  const found = proc === '/proc' ? ownView() : hostView(proc, root)
  return [...found, ...procView(proc), ...sysView(proc, sys)]
}

const speaks = (what: string, keys: string): string => `${what}: of the sandbox speak ${keys}`

/** The daemon's own /proc: is pid 1 the host's, and are our namespaces those of pid 1? */
function ownView(): string[] {
  const { disks, net, processes } = KEYS
  if (attempt(() => readlinkSync('/proc/self/ns/pid'), HOST_PID_NAMESPACE) !== HOST_PID_NAMESPACE)
    return [
      speaks("the pid namespace is not the host's", `${processes} ${net} ${disks}`),
      ...memoryLimit(),
    ]
  const found: string[] = []
  if (attempt(() => !sharesMounts(), false))
    found.push(speaks('the mount namespace is not that of pid 1', disks))
  if (attempt(() => statSync('/proc/1/net/dev').ino !== statSync('/proc/self/net/dev').ino, false))
    found.push(speaks('the network namespace is not that of pid 1', net))
  return found
}

/** A mount's id belongs to one namespace. */
function sharesMounts(): boolean {
  const ids = new Set(mounts('/proc/1/mountinfo').map(({ id }) => id))
  return mounts('/proc/self/mountinfo').some(({ id }) => ids.has(id))
}

/** Another /proc: can it be read where it speaks of the host, and is there a root to go with it? */
function hostView(proc: string, root: string): string[] {
  const found: string[] = []
  const readable = (path: string): boolean =>
    attempt(() => readFileSync(`${proc}/${path}`).length > 0, false)
  if (!readable('1/net/dev')) found.push(speaks(`${proc}/1/net/dev is not readable`, KEYS.net))
  if (!readable('1/mountinfo'))
    found.push(speaks(`${proc}/1/mountinfo is not readable`, KEYS.disks))
  else if (root === '/') found.push(speaks('--proc is given without --root', KEYS.disks))
  return found
}

/** Mount options of /proc that hide processes, and what lies over its files. */
function procView(proc: string): string[] {
  const all = attempt(() => mounts('/proc/self/mountinfo'), [])
  const found: string[] = []
  const own = all.findLast(({ point }) => point === proc)
  const hides = own && /\b(hidepid=(?!0|off)\w+|subset=pid)/.exec(own.superOptions)?.[1]
  if (hides) found.push(`${proc} is mounted with ${hides}: hidden from ${KEYS.processes}`)
  for (const { point, type } of all) {
    const keys =
      type.startsWith('fuse') && point.startsWith(`${proc}/`) && LXCFS[point.slice(proc.length + 1)]
    if (keys) found.push(speaks(`${point} is ${type}`, keys))
  }
  return found
}

/** A /sys belongs to the network namespace of whoever mounted it. */
function sysView(proc: string, sys: string): string[] {
  const names = (read: () => string[]): string => attempt(read, []).sort().join(' ')
  const inSys = names(() =>
    readdirSync(`${sys}/class/net`).filter((name) => name !== 'bonding_masters'),
  )
  const inProc = names(() => {
    const file = proc === '/proc' ? 'net/dev' : '1/net/dev'
    const all = parseNetDev(readFileSync(`${proc}/${file}`, 'latin1'))
    return all.map(({ name }) => name).filter((name) => !name.includes(':'))
  })
  if (inSys === inProc || inProc === '') return []
  return [
    speaks(
      `${sys}/class/net has other interfaces than ${proc}`,
      'netlink netlinksdown nettraf0 nettraf1',
    ),
  ]
}

/** A memory limit on a container: /proc tells of the host's memory all the same. */
function memoryLimit(): string[] {
  const groups = attempt(() => readFileSync('/proc/self/cgroup', 'latin1'), '')
  const group = /^0::(.*)$/m.exec(groups)?.[1] ?? '/'
  const limit = attempt(
    () => readFileSync(`/sys/fs/cgroup${group}/memory.max`, 'latin1').trim(),
    'max',
  )
  return limit === 'max'
    ? []
    : [`memory is limited to ${limit} bytes: of the host still speak mem and swaps`]
}

const mounts = (path: string): Mount[] => parseMountinfo(readFileSync(path, 'latin1'))

/** What cannot be read is no finding: an unprivileged daemon sees only so much. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}
