import { codeOf } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** When a program last wrote that it had set the clock by another: milliseconds of the epoch. */
export interface Synchronised {
  readonly by: string
  readonly at: number
}

/** A file whose writing tells of a clock that was set, and the pid files of the writer if they matter. */
interface Witness {
  readonly by: string
  readonly path: string
  readonly pids?: readonly string[]
}

/** Where chronyd says that it runs: newer versions, older ones. */
const CHRONYD = ['/run/chrony/chronyd.pid', '/run/chronyd.pid']

/**
 * systemd-timesyncd touches its file only when a server set the clock (at most 34 minutes apart).
 * chronyd writes the drift of a clock that it sets about once an hour, but also when it ends, set or
 * not: what is older than the chronyd that runs tells nothing.
 */
const WITNESSES: readonly Witness[] = [
  { by: 'systemd-timesyncd', path: '/run/systemd/timesync/synchronized' },
  { by: 'chrony', path: '/var/lib/chrony/chrony.drift', pids: CHRONYD },
  { by: 'chrony', path: '/var/lib/chrony/drift', pids: CHRONYD },
]

/** The latest of them; undefined where there is none. Rejects with EACCES. */
export async function readSynchronised(system: System): Promise<Synchronised | undefined> {
  const found: Synchronised[] = []
  const refused: unknown[] = []
  for (const { by, path, pids } of WITNESSES) {
    try {
      const at = await system.mtime(path)
      if (!pids || at > (await begun(system, pids))) found.push({ by, at })
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') refused.push(error)
    }
  }
  if (found.length === 0 && refused.length > 0) throw refused[0]
  return found.sort((a, b) => b.at - a.at)[0]
}

/** When the first of the pid files that is there was written. Rejects with ENOENT where none is. */
async function begun(system: System, [pid = '', ...others]: readonly string[]): Promise<number> {
  try {
    return await system.mtime(pid)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || others.length === 0) throw error
    return begun(system, others)
  }
}
