import type { Mount } from '../core/system.ts'
import type { Guard } from './guard.ts'
import { pointsWithSpace } from './kinds.ts'
import type { Located, Locator } from './locate.ts'
import { MountTable } from './mounts.ts'
import type { Disk } from './portable-gather.ts'
import { Tree } from './tree.ts'

/** Each sample's table, for as long as there is the sample. */
const tables = new WeakMap<readonly Disk[], MountTable>()

/** Mounts as df(1) lists them; it does not tell which stands on which, so their paths say it. */
export function mountTable(disks: readonly Disk[]): MountTable {
  const known = tables.get(disks)
  if (known) return known
  const made = new MountTable(mountsOf(disks))
  tables.set(disks, made)
  return made
}

function mountsOf(disks: readonly Disk[]): Mount[] {
  const ids = new Map<string, number>()
  for (const [i, { point }] of disks.entries()) if (!ids.has(point)) ids.set(point, i + 1)
  return disks.map(({ device, type, point }, i) => ({
    id: i + 1,
    parent: parentOf(point, ids),
    device,
    point,
    type,
    source: device,
    options: '',
    superOptions: '',
  }))
}

/** The mount next above a point; 0 where there is none. */
function parentOf(point: string, ids: ReadonlyMap<string, number>): number {
  if (point === '/') return 0
  for (let end = point.lastIndexOf('/'); end > 0; end = point.lastIndexOf('/', end - 1)) {
    const id = ids.get(point.slice(0, end))
    if (id !== undefined) return id
  }
  return ids.get('/') ?? 0
}

/** Mount points that have space of the host's own, one a device; `C:` of Windows as `/C:`. */
export const localPoints = (disks: readonly Disk[]): string[] =>
  pointsWithSpace(mountTable(disks).mounts).map((point) =>
    point.startsWith('/') ? point : `/${point}`,
  )

/** A tree of files whose mounts are known from df(1). */
export function treeOf(
  { root, deadline, platform }: TreeOptions,
  guard: Guard,
  disks: () => readonly Disk[],
): Tree {
  const mounts = (): MountTable => mountTable(disks())
  return platform === 'win32'
    ? new Tree(root, guard, deadline, mounts, drives(root))
    : new Tree(root, guard, deadline, mounts)
}

export interface TreeOptions {
  readonly root: string
  /** Milliseconds. */
  readonly deadline: number
  readonly platform: NodeJS.Platform
}

/** Paths of Windows: `/C:/x` is `C:/x`, and the drive is what may hang. */
export const drives = (root: string): Pick<Locator, 'locate'> => ({
  async locate(path): Promise<Located> {
    const [, drive = '', rest = path] = /^\/([A-Za-z]:)(.*)$/.exec(path) ?? []
    const top = drive !== '' || root === '/' ? drive : root
    const there = Buffer.from(`${top}${rest === '' ? '/' : rest}`, 'latin1')
    return { path: there, place: drive.toUpperCase() || '/', mount: undefined }
  },
})
