import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { readWhole } from './content.ts'
import { unescapeOctal } from './mounts.ts'

/** One file system that the administrator wants. */
export interface Wanted {
  readonly point: string
  readonly options: readonly string[]
}

/** Rejects with ENOENT where there is no /etc/fstab. */
export const readFstab = async (system: System): Promise<Wanted[]> =>
  parseFstab(await readWhole(system, '/etc/fstab'))

/** Lines of fstab(5) that have a mount point, their octal escapes undone. Throws ParseError. */
export function parseFstab(text: string): Wanted[] {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.flatMap((line) => {
    if (line === '' || line.startsWith('#')) return []
    const [, point, type, options = ''] = line.split(/[ \t]+/)
    if (point === undefined || type === undefined) throw new ParseError('fstab', line)
    if (!point.startsWith('/')) return []
    const path = unescapeOctal(point).replace(/(?<=.)\/+$/, '')
    return [{ point: path, options: options.split(',') }]
  })
}
