import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { fromUnicode } from '../core/bytes.ts'
import type { OpenFile, Process, Statfs, System } from '../core/system.ts'
import type { Vitals } from '../core/vitals.ts'
import { statRegular, withRegular } from './files.ts'
import { Guard, patience } from './guard.ts'
import { OwnHealth } from './health.ts'
import { Rings } from './history.ts'
import { KeptFiles } from './keptfiles.ts'
import { isImage, isRemote } from './kinds.ts'
import { Locator } from './locate.ts'
import { MountReader } from './mounts.ts'
import { ProcessTable } from './processes.ts'
import { startSampler } from './sampler.ts'
import { sandboxFindings } from './sandbox.ts'
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

/** Milliseconds between looks at what `/` and the cache directory are. */
const LOOK = 5_000

/** A Linux host, read from its /proc, its /sys and statfs(2). */
export class LinuxSystem implements System {
  readonly deadline: number
  readonly history: Rings = new Rings(() => performance.now())
  readonly health: OwnHealth
  readonly #trees: Trees
  readonly #proc: KeptFiles
  readonly #sys: KeptFiles
  readonly #guard: Guard
  readonly #processes: ProcessTable
  readonly #mounts: MountReader
  readonly #host: Locator
  readonly #own: Locator
  readonly #pid: string
  #netDev = 'net/dev'
  #local = { root: false, cache: false }
  readonly #timers: NodeJS.Timeout[] = []

  constructor(trees: Trees, vitals: Vitals) {
    this.#trees = trees
    this.deadline = trees.deadline
    this.#proc = new KeptFiles(trees.proc)
    this.#sys = new KeptFiles(trees.sys)
    this.#guard = new Guard(trees.mostHung, patience(trees.deadline))
    this.health = new OwnHealth(vitals, this.#guard, () => sandboxFindings(trees))
    this.#processes = new ProcessTable(trees.proc, this.#guard)
    // Another /proc is another host's: what it says of `self` is said of us and not of the host.
    this.#pid = trees.proc === '/proc' ? 'self' : '1'
    if (this.#pid === '1' && this.#proc.has('1/net/dev')) this.#netDev = '1/net/dev'
    this.#mounts = new MountReader(trees.proc, this.#pid)
    const own = this.#pid === 'self' ? this.#mounts : new MountReader('/proc', 'self')
    this.#host = new Locator(trees.root, this.#guard, () => this.#mounts.table())
    this.#own = new Locator('/', this.#guard, () => own.table())
  }

  /**
   * Starts to sample; resolves when there are rates, from two samples so many milliseconds apart, and
   * it is known what never waits.
   */
  async start(apart?: number): Promise<void> {
    this.health.start()
    this.#timers.push(setInterval(() => void this.#look(), LOOK))
    const [sampler] = await Promise.all([startSampler(this, this.history, apart), this.#look()])
    this.#timers.push(sampler)
  }

  /** What lies on another machine, or behind another process, is never asked on the event loop. */
  async #look(): Promise<void> {
    const local = async (locator: Locator, path: string): Promise<boolean> => {
      const { mount } = await locator.locate(path)
      return mount === undefined || !isRemote(mount.type)
    }
    const [root, cache] = await Promise.allSettled([
      local(this.#host, '/'),
      local(this.#own, fromUnicode(this.#trees.cache)),
    ])
    const is = (settled: PromiseSettledResult<boolean>): boolean =>
      settled.status === 'fulfilled' && settled.value
    this.#local = { root: is(root), cache: is(cache) }
  }

  proc(path: string): string {
    return this.#proc.text(path)
  }

  procRecord(path: string): string {
    return this.#proc.record(path)
  }

  netDev(): string {
    return this.#proc.text(this.#netDev)
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
    return path === '/' && this.#local.root ? statfsNow(this.#trees.root) : this.#statfs(path)
  }

  async #statfs(path: string): Promise<Statfs> {
    const { path: there, place } = await this.#host.locate(path)
    return parseStatfs(await this.#guard.run(place, statfsCall(there)))
  }

  localMounts(): readonly string[] {
    const points = new Map<string, string>()
    for (const { device, point, type } of this.#mounts.table().visible()) {
      const space = !isRemote(type) && !isImage(type) && (type !== 'overlay' || point === '/')
      if (space && !points.has(device)) points.set(device, point)
    }
    return [...points.values()]
  }

  async mtime(path: string): Promise<number> {
    return (await statRegular(this.#guard, await this.#host.locate(path))).mtimeMs
  }

  async withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
    return withRegular(this.#guard, await this.#host.locate(path), use)
  }

  multiresults(most: number): string | undefined {
    if (!this.#local.cache) return undefined
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

  /** Calls under way in the pool: they keep exit(3) from ending the process. */
  get outstanding(): number {
    return this.#guard.outstanding
  }

  /** Stops sampling, and begins no more calls that may hang. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    this.health.close()
    this.#proc.close()
    this.#sys.close()
    this.#guard.close()
  }
}
