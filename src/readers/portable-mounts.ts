import { isImage, isRemote } from './kinds.ts'
import { type Mount, MountTable } from './mounts.ts'
import type { Disk } from './portable-gather.ts'

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
      ({ device, type, point, writable }, i): Mount => ({
        id: i + 1,
        parent: parentOf(point),
        device,
        point,
        type,
        source: device,
        options: writable ? 'rw' : 'ro',
        superOptions: '',
      }),
    ),
  )
}

/** Mount points that have space of the host's own, one a device. */
export function localPoints(disks: readonly Disk[]): string[] {
  const points = new Map<string, string>()
  for (const { device, type, point } of disks)
    if (!isRemote(type) && !isImage(type) && !points.has(device)) points.set(device, point)
  return [...points.values()]
}
