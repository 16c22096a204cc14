import { readlink } from 'node:fs'
import { codeOf, noSuchObject } from '../core/errors.ts'
import type { Mount } from '../core/system.ts'
import type { Guard } from './guard.ts'
import type { MountTable } from './mounts.ts'

/** A path of the host without symbolic links: where to find it, and the mount it lies on. */
export interface Located {
  /** Bytes to hand to the kernel, below the root that was given. */
  readonly path: Buffer
  /** The mount point, whose hanging all that lies on it shares. */
  readonly place: string
  readonly mount: Mount | undefined
}

/** Links that a path may go through, as in path_resolution(7). */
const MOST_LINKS = 40

/**
 * Follows symbolic links one by one, each on the mount it lies on: whoever asks the kernel for the
 * whole path may be led into a mount that hangs, and nobody would know which. A mount point is no
 * link, so the way to one costs no call. Links are followed inside `root`.
 */
export class Locator {
  readonly #root: string
  readonly #guard: Guard
  readonly #mounts: () => MountTable

  constructor(root: string, guard: Guard, mounts: () => MountTable) {
    this.#root = root === '/' ? '' : root
    this.#guard = guard
    this.#mounts = mounts
  }

  /** Rejects with the errno of readlink(2), with Hung, or with Refused where autofs waits. */
  async locate(path: string): Promise<Located> {
    const table = this.#mounts()
    let rest = split(path)
    let at = ''
    for (let links = 0; rest.length > 0; ) {
      const [name = '', ...behind] = rest
      rest = behind
      if (name === '..') {
        at = at.slice(0, Math.max(0, at.lastIndexOf('/')))
        continue
      }
      const target = await this.#link(table, at, name)
      if (target === undefined) {
        at = `${at}/${name}`
        continue
      }
      if (++links > MOST_LINKS) throw Object.assign(new Error('ELOOP'), { code: 'ELOOP' })
      if (target.startsWith('/')) at = ''
      rest = [...split(target), ...rest]
    }
    return this.#located(table, at === '' ? '/' : at)
  }

  /** The target of a symbolic link; undefined where there is none. */
  async #link(table: MountTable, at: string, name: string): Promise<string | undefined> {
    if (table.of(`${at}/${name}`)?.point === `${at}/${name}`) return undefined
    const { path, place } = this.#located(table, `${at}/${name}`)
    try {
      const target = await this.#guard.run<Buffer>(place, (done) =>
        readlink(path, { encoding: 'buffer' }, done),
      )
      return target.toString('latin1')
    } catch (error) {
      if (codeOf(error) === 'EINVAL') return undefined
      throw error
    }
  }

  #located(table: MountTable, path: string): Located {
    const mount = table.of(path)
    if (mount?.type === 'autofs') throw noSuchObject('not mounted (automount)')
    const bytes = Buffer.concat([Buffer.from(this.#root), Buffer.from(path, 'latin1')])
    return { path: bytes, place: mount?.point ?? '/', mount }
  }
}

const split = (path: string): string[] =>
  path.split('/').filter((name) => name !== '' && name !== '.')
