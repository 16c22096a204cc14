import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** The start of a regular file, at most `most` bytes; undefined where there is none to be read. */
export function readStart(path: string, most: number): string | undefined {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  try {
    if (!fstatSync(fd).isFile()) return undefined
    const buffer = Buffer.allocUnsafe(most)
    return buffer.toString('latin1', 0, readSync(fd, buffer, 0, most, 0))
  } catch {
    return undefined
  } finally {
    closeSync(fd)
  }
}
