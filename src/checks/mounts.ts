import type { Check } from '../core/check.ts'
import { noSuchObject } from '../core/errors.ts'
import type { Mount, System } from '../core/system.ts'
import { readFstab } from '../readers/fstab.ts'
import { isImage } from '../readers/kinds.ts'
import { pathOf } from './arguments.ts'
import { firstOf } from './list.ts'

function mountsOf(system: System): readonly Mount[] {
  const mounts = system.mounts()
  if (mounts.length === 0) throw noSuchObject('no mountinfo to read')
  return mounts
}

const has = (options: string, option: string): boolean => options.split(',').includes(option)

/** How a mount is read-only: by itself, by its file system, or since ext4 met an error. */
function readOnly({ options, superOptions }: Mount): string | undefined {
  if (has(superOptions, 'emergency_ro')) return 'emergency_ro'
  if (has(superOptions, 'ro')) return 'file system ro'
  return has(options, 'ro') ? 'mount ro' : undefined
}

export const mountro: Check = {
  key: 'mountro',
  slow: true,
  summary: 'file systems that are read-only although fstab wants them read-write',
  async run(system) {
    const wanted = await readFstab(system)
    const points = new Map(mountsOf(system).map((mount) => [mount.point, mount]))
    const mounted = wanted.flatMap(({ point, options }) => {
      const mount = points.get(point)
      // The last of contradicting options counts.
      const ro = options.lastIndexOf('ro') > options.lastIndexOf('rw')
      return mount && !ro && !isImage(mount.type) && mount.type !== 'autofs' ? [mount] : []
    })
    if (mounted.length === 0) throw noSuchObject('nothing is mounted that fstab wants read-write')
    const found = mounted.flatMap((mount) => {
      const how = readOnly(mount)
      return how === undefined ? [] : [`${mount.point} (${how})`]
    })
    return { value: String(found.length), detail: firstOf(found) }
  },
}

export const mounted: Check = {
  key: 'mounted',
  argument: '/PATH',
  summary: '0 when something is mounted on PATH, else 1',
  run(system, argument) {
    const path = pathOf(argument)
    const mount = mountsOf(system).find(({ point }) => point === path)
    if (!mount) return { value: '1', detail: `${path} is not mounted` }
    if (mount.type === 'autofs') return { value: '1', detail: `${path} is not mounted (automount)` }
    return { value: '0', detail: `${mount.type} ${mount.options}` }
  },
}
