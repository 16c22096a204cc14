import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { getSystemErrorMap } from 'node:util'
import type { ServiceFile } from './service.ts'

/** Says which step failed, and why. */
function step<T>(what: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    const { errno, message } = error as NodeJS.ErrnoException
    const [, reason = message] = getSystemErrorMap().get(errno ?? 0) ?? []
    throw new Error(`unable to ${what}: ${reason}`)
  }
}

function makeDirectory(path: string, mode: number): void {
  step(`create ${path}`, () => {
    mkdirSync(path)
    // mkdir(2) leaves out what the umask says, and the sticky bit.
    chmodSync(path, mode)
  })
}

function makeFile(path: string, text: string, mode: number): void {
  step(`create ${path}`, () => {
    writeFileSync(path, text, { flag: 'wx' })
    chmodSync(path, mode)
  })
}

/**
 * Makes a service directory; its log belongs to `owner`. It must not be there yet; when something
 * fails, what was made is removed again. Throws a sentence.
 */
export function writeService(
  directory: string,
  files: readonly ServiceFile[],
  owner: { readonly uid: number; readonly gid: number },
): void {
  makeDirectory(directory, 0o3755)
  try {
    for (const name of ['env', 'log', 'log/main']) makeDirectory(`${directory}/${name}`, 0o2755)
    step(`give ${directory}/log/main away`, () =>
      chownSync(`${directory}/log/main`, owner.uid, owner.gid),
    )
    for (const { path, text, mode } of files) makeFile(`${directory}/${path}`, text, mode)
  } catch (error) {
    rmSync(directory, { recursive: true, force: true })
    throw error
  }
}

/** Writes the unit into a directory; it must not be there yet. Throws a sentence. */
export const writeUnit = (directory: string, name: string, text: string): void =>
  makeFile(`${directory}/${name}.service`, text, 0o644)

/** A text that comes with this package. */
export const readExample = (url: URL): string =>
  step(`read ${url.pathname}`, () => readFileSync(url, 'utf8'))

/** The first of these files that is there, else the last. */
export const firstThere = (...paths: readonly string[]): string =>
  paths.find((path) => existsSync(path)) ?? paths.at(-1) ?? ''
