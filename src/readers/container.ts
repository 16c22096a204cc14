import { codeOf } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import {
  type Controller,
  findController,
  parseLimit,
  readGroupFile,
  readMemoryLimit,
} from './cgroup.ts'
import { readWhole } from './content.ts'

/** Where the engines leave a sign, and what they are called then. */
const MARKS: readonly { readonly path: string; readonly kind: (text: string) => string }[] = [
  { path: '/run/systemd/container', kind: (text) => text.trim() || 'unknown' },
  { path: '/run/.containerenv', kind: () => 'podman' },
  { path: '/.dockerenv', kind: () => 'docker' },
]

/** What names of control groups, and the directories below an overlay, tell of who made them. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/kubepods|\/var\/lib\/kubelet\//, 'kubernetes'],
  [/\/docker[/-]|\/var\/lib\/docker\//, 'docker'],
  [/libpod|\/containers\/storage\//, 'podman'],
  [/\/lxc[./]/, 'lxc'],
  [/containerd/, 'containerd'],
]

/** The kind of container that the trees speak of; undefined where there is no sign of one. */
export async function readKind(system: System): Promise<string | undefined> {
  for (const { path, kind } of MARKS) {
    const text = await absentOr(readWhole(system, path))
    if (text !== undefined) return kind(text)
  }
  const root = system.mounts().find(({ point, type }) => point === '/' && type === 'overlay')
  const names = `${groups(system)}\n${root?.superOptions ?? ''}`
  return SIGNS.find(([sign]) => sign.test(names))?.[1]
}

async function absentOr(text: Promise<string>): Promise<string | undefined> {
  try {
    return await text
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** The control groups of pid 1; it may be hidden. */
function groups(system: System): string {
  try {
    return system.proc('1/cgroup')
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EACCES') return ''
    throw error
  }
}

/** Path of the group in one hierarchy, proc(5): `4:memory:/docker/7f`, or `0::/` in version 2. */
export function parseGroup(text: string, controller: string, v1: boolean): string {
  const lines = text.split('\n').map((line) => /^\d+:([^:]*):(.*)$/.exec(line) ?? [])
  const found = lines.find(([, names]) =>
    v1 ? names?.split(',').includes(controller) : names === '',
  )
  return found?.[2] ?? '/'
}

/** A group and all above it; a container may see only the lower ones, as the root. */
function upwards(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '')
  return parts.map((_, i) => `/${parts.slice(0, parts.length - i).join('/')}`).concat('')
}

/** The smallest number that one file holds on the way up; Infinity where nothing is limited. */
async function smallest(
  system: System,
  { point, v1 }: Controller,
  name: string,
  parse: (path: string) => Promise<number>,
): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (const group of upwards(parseGroup(groups(system), name, v1))) {
    try {
      least = Math.min(least, await parse(`${point}${group}`))
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
    }
  }
  return least
}

/** Limits of pid 1 and all that came from it; Infinity for none. */
export interface Limits {
  /** Bytes. */
  readonly memory: number
  readonly cpus: number
  readonly pids: number
}

export async function readLimits(system: System): Promise<Limits> {
  const limit = (
    name: string,
    parse: (controller: Controller, path: string) => Promise<number>,
  ) => {
    const controller = findController(system, name)
    if (!controller) return Number.POSITIVE_INFINITY
    return smallest(system, controller, name, (path) => parse(controller, path))
  }
  const read = (path: string): Promise<string> => readGroupFile(system, path)
  return {
    memory: await limit('memory', ({ v1 }, path) => readMemoryLimit(system, v1, path)),
    cpus: await limit('cpu', async ({ v1 }, path) =>
      parseCpus(
        v1
          ? `${await read(`${path}/cpu.cfs_quota_us`)} ${await read(`${path}/cpu.cfs_period_us`)}`
          : await read(`${path}/cpu.max`),
      ),
    ),
    pids: await limit('pids', async (_, path) =>
      parseLimit('pids.max', await read(`${path}/pids.max`)),
    ),
  }
}

/** Quota and period in microseconds: `150000 100000` are 1.5 CPUs; `max` or -1 is no quota. */
export function parseCpus(text: string): number {
  const [quota = '', period] = text.trim().split(/\s+/)
  return quota === 'max' || quota === '-1'
    ? Number.POSITIVE_INFINITY
    : Number(quota) / Number(period)
}
