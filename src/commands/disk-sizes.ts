// The file systems that check_disk looks at: which, and how full.
import { type Arguments, UsageError } from '../clients/argv.ts'
import { refusal } from '../core/answer.ts'
import type { Mount, Statfs, System } from '../core/system.ts'
import { isRemote } from '../readers/kinds.ts'
import type { Choice, DiskLimits, DiskWords } from './disk-options.ts'

/** File systems without space of their own, as coreutils' mountlist knows them. */
const DUMMY =
  /^(autofs|proc|subfs|debugfs|devpts|fusectl|fuse\.portal|mqueue|rpc_pipefs|sysfs|cgroup2?|cgroupfs|securityfs|tracefs|bpf|pstore|configfs|hugetlbfs|binfmt_misc|nsfs|efivarfs|selinuxfs|ignore|none)$/
/** FUSE_SUPER_MAGIC of linux/magic.h, virtiofs too: f_bsize is not the unit of their block counts. */
const FUSE = 0x6573_5546

/** A file system that is looked at, or why it is not. */
export interface Volume {
  readonly name: string
  readonly limits: DiskLimits
  readonly group: string | undefined
  /** Answers, and is not judged. */
  readonly unjudged: boolean
  readonly size: Size | string
}

/** Bytes and inodes. */
export interface Size {
  readonly total: number
  readonly used: number
  readonly available: number
  readonly inodes: number
  readonly inodesFree: number
  /** The bytes are only good for percentages: FUSE does not tell their unit. */
  readonly unitless: boolean
}

/** A path to look at, and the mount that it names or lies on. */
interface Target {
  readonly path: string
  readonly mount: Mount | undefined
  readonly problem?: string
  readonly choice: Pick<Choice, 'limits' | 'group'>
}

/** All that was asked for, each with its size. Throws UsageError. */
export async function readVolumes(
  system: System,
  given: Arguments,
  words: DiskWords,
): Promise<Volume[]> {
  const device = given.has('mountpoint')
  const targets = targetsOf(system.mounts(), given, words)
  const volumes = await Promise.all(
    targets.map(async ({ path, mount, choice, problem }): Promise<Volume> => {
      const remote = mount !== undefined && isRemote(mount.type)
      const unjudged = remote && given.has('stat-remote-fs')
      const size = problem ?? (await sizeOf(system, path))
      const found = typeof size === 'string' ? undefined : device ? mount?.source : mount?.point
      return { name: found ?? path, ...choice, unjudged, size }
    }),
  )
  // What has no blocks is nothing to look at, unless it was asked for by name.
  return volumes.filter(
    ({ size }, i) =>
      typeof size === 'string' ||
      size.total > 0 ||
      words.choices.some(({ path }) => path === targets[i]?.path),
  )
}

function targetsOf(mounts: readonly Mount[], given: Arguments, words: DiskWords): Target[] {
  const types = given.values('include-type')
  const usable = mounts.filter(
    ({ type, point, source }) =>
      !DUMMY.test(type) &&
      !given.values('exclude-type').includes(type) &&
      (types.length === 0 || types.includes(type)) &&
      !given.values('exclude_device').some((path) => path === point || path === source) &&
      !(given.has('local') && isRemote(type)) &&
      !words.ignored.some((matches) => matches(point) || matches(source)),
  )
  if (words.choices.length === 0)
    return usable.map((mount) => ({
      path: mount.point,
      mount,
      choice: { limits: words.limits, group: undefined },
    }))
  return words.choices.flatMap((choice) => {
    const { matches, path } = choice
    if (path !== undefined) return [named(path, mounts, given.has('exact-match'), choice)]
    const found = usable.filter(({ point, source }) => matches?.(point) || matches?.(source))
    if (found.length === 0) throw new UsageError('a pattern matches no file system')
    return found.map((mount) => ({ path: mount.point, mount, choice }))
  })
}

/** A path of -p: a device, a mount point, or anything on one. */
function named(path: string, mounts: readonly Mount[], exact: boolean, choice: Choice): Target {
  const clean = path.replace(/(?<=.)\/+$/, '')
  const same = mounts.find(({ point, source }) => point === clean || source === clean)
  if (same) return { path: same.point, mount: same, choice }
  if (exact) return { path: clean, mount: undefined, choice, problem: 'not found' }
  const above = mounts
    .filter(({ point }) => clean.startsWith(point === '/' ? '/' : `${point}/`))
    .sort((a, b) => b.point.length - a.point.length)
  return { path: clean, mount: above[0], choice }
}

async function sizeOf(system: System, path: string): Promise<Size | string> {
  if (!path.startsWith('/')) return 'no absolute path'
  try {
    return toSize(await system.statfs(path))
  } catch (error) {
    const { kind, reason } = refusal(error)
    return SENTENCES[reason] ?? (reason || kind)
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
}

const toSize = ({
  type,
  blockSize,
  blocks,
  free,
  available,
  inodes,
  inodesFree,
}: Statfs): Size => ({
  total: blocks * blockSize,
  used: (blocks - free) * blockSize,
  available: available * blockSize,
  inodes,
  inodesFree,
  unitless: type === FUSE,
})
