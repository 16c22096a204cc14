import { readFileSync } from 'node:fs'
import { getSystemErrorMap } from 'node:util'

/** The bytes of a certificate or key file. Throws a sentence that names it. */
export function readTlsFile(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const { errno, message } = error as NodeJS.ErrnoException
    const [, reason = message] = getSystemErrorMap().get(errno ?? 0) ?? []
    throw new Error(`unable to read ${path}: ${reason}`)
  }
}
