import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { codeOf } from '../core/errors.ts'

/** The text of a file, as bytes. Rejects with errno errors. */
export const readText = (path: string): Promise<string> => readFile(path, 'latin1')

/** A path of a configuration file: a relative one begins where that file is. */
export const besides = (file: string, path: string): string => resolve(dirname(file), path)

/**
 * The paths of `*.cfg` in a directory and below, sorted; links are followed, as the original does,
 * and each directory is read once. Rejects with errno errors.
 */
export async function configsBelow(
  directory: string,
  seen: Set<string> = new Set(),
): Promise<string[]> {
  const found: string[] = []
  const { dev, ino } = await stat(directory)
  if (seen.has(`${dev} ${ino}`)) return found
  seen.add(`${dev} ${ino}`)
  for (const name of (await readdir(directory)).sort()) {
    const path = `${directory.replace(/\/+$/, '')}/${name}`
    // What leads nowhere or may not be read is left for who reads it to tell.
    const isDirectory = (await stat(path).catch(() => undefined))?.isDirectory() ?? false
    if (isDirectory) found.push(...(await configsBelow(path, seen).catch(() => [path])))
    else if (name.endsWith('.cfg')) found.push(path)
  }
  return found
}

/** What a user sees of an errno error: `ENOENT`. */
export const reasonOf = (error: unknown): string => codeOf(error) ?? (error as Error).message
