import { writeSync } from 'node:fs'

/**
 * Writes all of it to a descriptor, waiting if need be. Loading the streams behind process.stdout
 * would take longer than all the rest of a short run.
 */
export function print(fd: 1 | 2, bytes: Buffer): void {
  for (let from = 0; from < bytes.length; )
    try {
      from += writeSync(fd, bytes, from)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
}
