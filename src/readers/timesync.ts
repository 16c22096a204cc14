import { codeOf } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** When a program last wrote that it had set the clock by another: milliseconds of the epoch. */
export interface Synchronised {
  readonly by: string
  readonly at: number
}

/**
 * Files that are written only when the clock was set by a server: systemd-timesyncd touches its own
 * at each answer (at most 34 minutes apart), chronyd writes the drift of the clock about once an hour.
 */
const FILES = [
  { by: 'systemd-timesyncd', path: '/run/systemd/timesync/synchronized' },
  { by: 'chrony', path: '/var/lib/chrony/chrony.drift' },
  { by: 'chrony', path: '/var/lib/chrony/drift' },
]

/** The latest of them; undefined where there is none. Rejects with EACCES. */
export async function readSynchronised(system: System): Promise<Synchronised | undefined> {
  const found: Synchronised[] = []
  const refused: unknown[] = []
  for (const { by, path } of FILES) {
    try {
      found.push({ by, at: await system.mtime(path) })
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') refused.push(error)
    }
  }
  if (found.length === 0 && refused.length > 0) throw refused[0]
  return found.sort((a, b) => b.at - a.at)[0]
}
