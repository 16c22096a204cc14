import { readdir, readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { codeOf } from '../core/errors.ts'

/** The text of a file, as bytes. Rejects with errno errors. */
export const readText = (path: string): Promise<string> => readFile(path, 'latin1')

/** A path of a configuration file: a relative one begins where that file is. */
export const besides = (file: string, path: string): string => resolve(dirname(file), path)

/** The paths of `*.cfg` in a directory and below, sorted. Rejects with errno errors. */
export async function configsBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const found: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${directory.replace(/\/+$/, '')}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await configsBelow(path)))
    else if (entry.name.endsWith('.cfg')) found.push(path)
  }
  return found
}

/** What a user sees of an errno error: `ENOENT`. */
export const reasonOf = (error: unknown): string => codeOf(error) ?? (error as Error).message
