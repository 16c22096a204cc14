import { type StatsFs, statfs, statfsSync } from 'node:fs'
import { cannotAnswerNow } from '../core/errors.ts'
import type { Statfs } from '../core/system.ts'
import type { PoolCall } from './guard.ts'

/** Counts as fs.statfs gives them, in the words of statfs(2). Throws when they contradict themselves. */
export function parseStatfs(counts: StatsFs): Statfs {
  const { type, bsize, blocks, bfree, bavail, files, ffree } = counts
  if (bfree > blocks) throw cannotAnswerNow('the file system gives absurd counts')
  return {
    type,
    blockSize: bsize,
    blocks,
    free: bfree,
    // Some kernels give a negative number once the blocks kept for root are in use: df shows that as full.
    available: bavail > bfree ? 0 : bavail,
    // More free than there are is how some file systems say that they do not count.
    inodes: ffree > files ? 0 : files,
    inodesFree: ffree > files ? 0 : ffree,
  }
}

/** statfs(2) at once: only for a file system that cannot hang without the host. */
export const statfsNow = (path: string): Statfs => parseStatfs(statfsSync(path))

/** statfs(2) in the thread pool. */
export const statfsCall =
  (path: Buffer): PoolCall<StatsFs> =>
  (done) =>
    statfs(path, done)
