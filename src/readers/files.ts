import { close, constants, fstat, open, read, type Stats, stat } from 'node:fs'
import { badArgument } from '../core/errors.ts'
import type { OpenFile } from '../core/system.ts'
import type { Guard } from './guard.ts'
import type { Located } from './locate.ts'

/** Never waits for a writer (FIFO), never becomes the terminal's owner. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/** Throws `bad argument` for all but a regular file, so that nothing else is ever opened. */
function regular(stats: Stats): Stats {
  if (stats.isFile()) return stats
  const kinds = [
    [stats.isDirectory(), 'a directory'],
    [stats.isFIFO(), 'a FIFO'],
    [stats.isSocket(), 'a socket'],
    [stats.isCharacterDevice(), 'a character device'],
    [stats.isBlockDevice(), 'a block device'],
  ] as const
  const kind = kinds.find(([is]) => is)?.[1] ?? 'something else'
  throw badArgument(`${kind}, not a regular file`)
}

/** stat(2) of a regular file. */
export async function statRegular(guard: Guard, { path, place }: Located): Promise<Stats> {
  return regular(await guard.run<Stats>(place, (done) => stat(path, done)))
}

/** Opens a regular file for `use` and closes it whatever happens, if need be once a hang is over. */
export async function withRegular<T>(
  guard: Guard,
  located: Located,
  use: (file: OpenFile) => Promise<T>,
): Promise<T> {
  const { path, place } = located
  await statRegular(guard, located)
  const shut = (fd: number): void =>
    guard.later(place, (done) => close(fd, (e) => done(e ?? null, 0)))
  const fd = await guard.run<number>(place, (done) => open(path, FLAGS, done), shut)
  try {
    // What the path names may have changed since stat(2).
    const { mtimeMs } = regular(await guard.run<Stats>(place, (done) => fstat(fd, done)))
    return await use({
      mtime: mtimeMs,
      read: (into, position) =>
        guard.run<number>(place, (done) => read(fd, into, 0, into.length, position, done)),
    })
  } finally {
    shut(fd)
  }
}
