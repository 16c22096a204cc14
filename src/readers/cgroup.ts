import { codeOf, noSuchObject, ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { readWhole } from './content.ts'
import { readMeminfo } from './meminfo.ts'

/** Memory of one control group, in bytes. */
export interface MemoryGroup {
  readonly current: number
  /** Infinity: not limited. */
  readonly most: number
  /** Processes killed in it because memory ran out; undefined where the kernel does not tell. */
  readonly kills: number | undefined
}

/** Names of the files, and what stands for no limit, in cgroups(7) version 1 and 2. */
interface Version {
  readonly current: string
  readonly most: string
  readonly events: string
}

const V1: Version = {
  current: 'memory.usage_in_bytes',
  most: 'memory.limit_in_bytes',
  events: 'memory.oom_control',
}
const V2: Version = { current: 'memory.current', most: 'memory.max', events: 'memory.events' }

/** Where a controller's groups are, and in which version. */
export interface Controller {
  readonly point: string
  readonly v1: boolean
}

/** As mountinfo says; a controller is in one hierarchy only. */
export function findController(system: System, name: string): Controller | undefined {
  const mounts = system.mounts()
  const v1 = mounts.find(
    ({ type, superOptions }) => type === 'cgroup' && superOptions.split(',').includes(name),
  )
  const found = v1 ?? mounts.find(({ type }) => type === 'cgroup2')
  return found && { point: found.point, v1: v1 !== undefined }
}

/** A file of a control group, off the event loop. Rejects with errno errors. */
export function readGroupFile(system: System, path: string): Promise<string> {
  return path.startsWith('/sys/')
    ? system.sysfsPatiently(path.slice('/sys/'.length))
    : readWhole(system, path)
}

/** `group` is a path below the root of the hierarchy. Rejects with ENOENT where there is no such. */
export async function readMemoryGroup(system: System, group: string): Promise<MemoryGroup> {
  const controller = findController(system, 'memory')
  if (!controller) throw noSuchObject('no cgroup file system is mounted')
  const { point, v1 } = controller
  const { current, events } = v1 ? V1 : V2
  const read = (file: string): Promise<string> => readGroupFile(system, `${point}${group}/${file}`)
  return {
    current: parseLimit(current, await read(current)),
    most: await readMemoryLimit(system, v1, `${point}${group}`),
    kills: parseKills(await read(events).catch(without)),
  }
}

/** Bytes that the group of a directory may have; Infinity where nothing is limited. */
export async function readMemoryLimit(
  system: System,
  v1: boolean,
  directory: string,
): Promise<number> {
  const { most } = v1 ? V1 : V2
  const limit = parseLimit(most, await readGroupFile(system, `${directory}/${most}`))
  // For none version 1 writes what its counter can hold: 8 TiB on 32-bit kernels, near 2^63 on others.
  return v1 && limit > readMeminfo(system).total * 1024 ? Number.POSITIVE_INFINITY : limit
}

function without(error: unknown): string {
  if (codeOf(error) === 'ENOENT') return ''
  throw error
}

/** Bytes, or `max`. Throws ParseError. */
export function parseLimit(file: string, text: string): number {
  if (text === 'max\n') return Number.POSITIVE_INFINITY
  if (!/^\d+\n$/.test(text)) throw new ParseError(file, text)
  return Number(text)
}

/** `oom_kill` of memory.events or, since Linux 4.13, of memory.oom_control. */
export function parseKills(text: string): number | undefined {
  const kills = /^oom_kill (\d+)$/m.exec(text)?.[1]
  return kills === undefined ? undefined : Number(kills)
}
