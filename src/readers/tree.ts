import type { OpenFile, Statfs } from '../core/system.ts'
import { statRegular, withRegular } from './files.ts'
import type { Guard } from './guard.ts'
import { isRemote } from './kinds.ts'
import { Locator } from './locate.ts'
import type { MountTable } from './mounts.ts'
import { eachEntry } from './names.ts'
import { parseStatfs, statfsCall } from './statfs.ts'

/** A root directory and what is mounted below it; all that is asked of it goes by the guard. */
export class Tree {
  readonly #guard: Guard
  readonly #locator: Pick<Locator, 'locate'>
  readonly #deadline: number

  constructor(
    root: string,
    guard: Guard,
    deadline: number,
    mounts: () => MountTable,
    locator: Pick<Locator, 'locate'> = new Locator(root, guard, mounts),
  ) {
    this.#guard = guard
    this.#locator = locator
    this.#deadline = deadline
  }

  /** Whether a path lies on a file system that can be asked on the event loop; false when unknown. */
  async isLocal(path: string): Promise<boolean> {
    try {
      const { mount } = await this.#locator.locate(path)
      return mount === undefined || !isRemote(mount.type)
    } catch {
      return false
    }
  }

  async statfs(path: string): Promise<Statfs> {
    const { path: there, place } = await this.#locator.locate(path)
    return parseStatfs(await this.#guard.run(place, statfsCall(there)))
  }

  async mtime(path: string): Promise<number> {
    return (await statRegular(this.#guard, await this.#locator.locate(path))).mtimeMs
  }

  async withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
    return withRegular(this.#guard, await this.#locator.locate(path), use)
  }

  async eachName(path: string, take: (name: string, isDirectory: boolean) => void): Promise<void> {
    await eachEntry(this.#guard, await this.#locator.locate(path), this.#deadline, (entry) =>
      take(entry.name, entry.isDirectory()),
    )
  }
}
