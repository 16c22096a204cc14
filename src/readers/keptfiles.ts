import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs'
import { codeOf } from '../core/errors.ts'

/** Descriptors kept at most: what comes later is opened for each read. */
const MOST_KEPT = 128
/** Bytes asked of a record. Below /proc/sys the kernel clears as many bytes as are asked for, at each read. */
const RECORD = 4_096

/**
 * Files below one root that are asked for often: opened once, read again at offset 0. A file that
 * cannot be read so (ESPIPE or EINVAL, seen on kernel 6.14), or whose object has gone, is reopened.
 */
export class KeptFiles {
  readonly #root: string
  readonly #kept = new Map<string, number>()
  #buffer = Buffer.allocUnsafe(65_536)

  constructor(root: string) {
    this.#root = root
  }

  /** Whole text, as bytes. Throws the errno of open(2) or read(2). */
  text(path: string): string {
    return this.#read(path, false)
  }

  /** Text of a file that one read(2) gives whole: the second, empty read is saved. */
  record(path: string): string {
    return this.#read(path, true)
  }

  has(path: string): boolean {
    return existsSync(this.pathOf(path))
  }

  /** Names in a directory, as bytes. Throws errno errors. */
  names(path: string): string[] {
    return readdirSync(this.pathOf(path), 'latin1')
  }

  close(): void {
    for (const fd of this.#kept.values()) closeSync(fd)
    this.#kept.clear()
  }

  #read(path: string, once: boolean): string {
    const kept = this.#kept.get(path)
    if (kept === undefined) return this.#reopen(path, once)
    try {
      return this.#fill(kept, once, true)
    } catch {
      this.#kept.delete(path)
      closeSync(kept)
      return this.#reopen(path, once)
    }
  }

  #reopen(path: string, once: boolean): string {
    const fd = openSync(this.pathOf(path), 'r')
    let keep = false
    try {
      const text = this.#rewindable(fd, once)
      keep = text !== undefined && this.#kept.size < MOST_KEPT
      return text ?? this.#fill(fd, once, false)
    } finally {
      if (keep) this.#kept.set(path, fd)
      else closeSync(fd)
    }
  }

  #rewindable(fd: number, once: boolean): string | undefined {
    try {
      return this.#fill(fd, once, true)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'ESPIPE' || code === 'EINVAL') return undefined
      throw error
    }
  }

  /** The root is a string of the command line, the path is bytes. */
  pathOf(path: string): Buffer {
    return Buffer.concat([Buffer.from(`${this.#root}/`), Buffer.from(path, 'latin1')])
  }

  /** One read is not the file: /proc gives about a page at a time. */
  #fill(fd: number, once: boolean, fromStart: boolean): string {
    let end = 0
    for (;;) {
      if (end > this.#buffer.length - RECORD)
        this.#buffer = Buffer.concat([this.#buffer, Buffer.allocUnsafe(this.#buffer.length)])
      const room = once ? RECORD : this.#buffer.length - end
      const n = readSync(fd, this.#buffer, end, room, fromStart ? end : null)
      end += n
      if (n === 0 || (once && n < RECORD)) return this.#buffer.toString('latin1', 0, end)
    }
  }
}
