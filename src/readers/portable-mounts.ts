import type { Mount } from '../core/system.ts'
import type { Guard } from './guard.ts'
import { pointsWithSpace } from './kinds.ts'
import type { Located, Locator } from './locate.ts'
import { MountTable } from './mounts.ts'
import type { Disk } from './portable-gather.ts'
import { Tree } from './tree.ts'

/** Mounts as df(1) lists them; it does not tell which stands on which, so their paths say it. */
export function mountTable(disks: readonly Disk[]): MountTable {
  const points = disks.map(({ point }) => point)
  const parentOf = (point: string): number => {
    const above = points.filter((p) => p !== point && (p === '/' || point.startsWith(`${p}/`)))
    const nearest = above.reduce((a, b) => (b.length > a.length ? b : a), '')
    return points.indexOf(nearest) + 1
  }
  return new MountTable(
    disks.map(
      ({ device, type, point }, i): Mount => ({
        id: i + 1,
        parent: parentOf(point),
        device,
        point,
        type,
        source: device,
        options: '',
        superOptions: '',
      }),
    ),
  )
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
