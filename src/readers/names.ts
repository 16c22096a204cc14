import { type Dir, type Dirent, opendir } from 'node:fs'
import { cannotAnswerNow, codeOf } from '../core/errors.ts'
import { type Guard, type PoolCall, patience } from './guard.ts'
import type { Located } from './locate.ts'

/** Entries that are read in one call, and then handed on in one turn: a tenth of a millisecond. */
const BATCH = 256

/** Hands on what is in a directory. Rejects with errno errors; `cannot answer now` at the deadline. */
export async function eachEntry(
  guard: Guard,
  { path, place }: Pick<Located, 'path' | 'place'>,
  deadline: number,
  take: (entry: Dirent) => void,
): Promise<void> {
  const end = performance.now() + patience(deadline)
  const shut = (dir: Dir): void =>
    guard.later(place, (done) => dir.close((e) => done(e ?? null, 0)))
  const options = { bufferSize: BATCH, encoding: 'latin1' } as const
  const dir = await guard.run<Dir>(place, (done) => opendir(path, options, done), shut)
  try {
    await guard.run(place, walk(dir, end, take))
  } finally {
    shut(dir)
  }
}

/** Where a file system does not tell what an entry is Node looks, and the entry may have gone. */
const vanished = (): Error => cannotAnswerNow('files went while they were counted')

/** One call for all: a promise for each entry would take longer than reading it. */
function walk(dir: Dir, end: number, take: (entry: Dirent) => void): PoolCall<undefined> {
  return (done) => {
    const next = (error: Error | null, entry: Dirent | null): void => {
      const late = performance.now() > end
      if (error) done(codeOf(error) === 'ENOENT' ? vanished() : error, undefined)
      else if (entry === null) done(null, undefined)
      else if (late) done(cannotAnswerNow('too many files in a directory for the time'), undefined)
      else {
        take(entry)
        dir.read(next)
      }
    }
    dir.read(next)
  }
}
