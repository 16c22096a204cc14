import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import type { OpenFile, Process, Statfs, System } from '../core/system.ts'
import { type Located, statRegular, withRegular } from './files.ts'
import { Guard } from './guard.ts'
import { Rings } from './history.ts'
import { KeptFiles } from './keptfiles.ts'
import { MountTable, parseMountinfo } from './mounts.ts'
import { ProcessTable } from './processes.ts'
import { startSampler } from './sampler.ts'
import { parseStatfs, statfsCall, statfsNow } from './statfs.ts'

/** Where the host's trees are, and how long an answer may take. */
export interface Trees {
  readonly proc: string
  readonly sys: string
  readonly root: string
  readonly cache: string
  /** Milliseconds. */
  readonly deadline: number
  /** Threads that may hang at once, of those that Node's pool has. */
  readonly mostHung: number
}

/** A Linux host, read from its /proc, its /sys and statfs(2). */
export class LinuxSystem implements System {
  readonly deadline: number
  readonly history: Rings = new Rings(() => performance.now())
  readonly #trees: Trees
  readonly #proc: KeptFiles
  readonly #sys: KeptFiles
  readonly #guard: Guard
  readonly #processes: ProcessTable
  #stop = (): void => {}
  #mountinfo = ''
  #mounts = new MountTable([])

  constructor(trees: Trees) {
    this.#trees = trees
    this.deadline = trees.deadline
    this.#proc = new KeptFiles(trees.proc)
    this.#sys = new KeptFiles(trees.sys)
    this.#guard = new Guard(trees.mostHung, trees.deadline)
    this.#processes = new ProcessTable(trees.proc, this.#guard)
  }

  /** Starts to sample. */
  start(): void {
    this.#stop = startSampler((path) => this.#proc.text(path), this.history)
  }

  proc(path: string): string {
    return this.#proc.text(path)
  }

  procRecord(path: string): string {
    return this.#proc.record(path)
  }

  sysfs(path: string): string {
    return this.#sys.record(path)
  }

  sysfsHas(path: string): boolean {
    return this.#sys.has(path)
  }

  processes(): Promise<readonly Process[]> {
    return this.#processes.all()
  }

  async processCount(): Promise<number> {
    return (await this.#processes.pids()).length
  }

  statfs(path: string): Statfs | Promise<Statfs> {
    if (path === '/') return statfsNow(this.#trees.root)
    const { path: there, place } = this.#locate(path)
    return this.#guard.run(place, statfsCall(there)).then(parseStatfs)
  }

  async mtime(path: string): Promise<number> {
    return (await statRegular(this.#guard, this.#locate(path))).mtimeMs
  }

  async withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
    return withRegular(this.#guard, this.#locate(path), use)
  }

  multiresults(most: number): string | undefined {
    let fd: number
    try {
      fd = openSync(`${this.#trees.cache}/multiresults`, constants.O_RDONLY | constants.O_NONBLOCK)
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

  now(): number {
    return Date.now()
  }

  /** Stops sampling. Returns how many calls hang in the pool: they keep exit(3) from ending us. */
  close(): number {
    this.#stop()
    this.#proc.close()
    this.#sys.close()
    return this.#guard.outstanding
  }

  #locate(path: string): Located {
    const place = this.#mountTable().of(path)?.point ?? '/'
    const root = this.#trees.root === '/' ? '' : this.#trees.root
    return { path: Buffer.from(root + path, 'latin1'), place }
  }

  /** The mounts as they are now; the table is made anew only when the text has changed. */
  #mountTable(): MountTable {
    const text = this.#proc.text(this.#trees.proc === '/proc' ? 'self/mountinfo' : '1/mountinfo')
    if (text !== this.#mountinfo) {
      this.#mounts = new MountTable(parseMountinfo(text))
      this.#mountinfo = text
    }
    return this.#mounts
  }
}
