import { noSuchObject } from '../core/errors.ts'
import type { Health, History, OpenFile, Process, Statfs, System, View } from '../core/system.ts'
import { statRegular, withRegular } from './files.ts'
import type { Guard } from './guard.ts'
import type { OwnHealth } from './health.ts'
import type { Rings } from './history.ts'
import { isRemote } from './kinds.ts'
import { type Located, Locator } from './locate.ts'
import { readStart } from './multiresults.ts'
import type { Samples } from './portable-gather.ts'
import { PortableHistory } from './portable-history.ts'
import { localPoints, mountTable } from './portable-mounts.ts'
import type { LastSamples, Name } from './portable-samples.ts'
import { loadavgText, meminfoText, netDevText, swapsText } from './portable-text.ts'
import { parseStatfs, statfsCall } from './statfs.ts'

/** What all views of one host share. */
export interface Parts {
  readonly options: {
    readonly root: string
    readonly cache: string
    /** Milliseconds. */
    readonly deadline: number
    readonly platform: NodeJS.Platform
  }
  readonly samples: LastSamples
  readonly guard: Guard
  readonly rings: Rings
  readonly health: OwnHealth
  /** What costs no process, and so is never a sample. Seconds since boot. */
  readonly live: { readonly hostname: () => string; readonly uptime: () => number }
}

/** The host for the time of one answer: it remembers how old the samples were that it gave. */
export class PortableView implements System {
  readonly deadline: number
  readonly health: Health
  readonly history: History
  readonly #parts: Parts
  #oldest: number | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.deadline = parts.options.deadline
    this.health = parts.health
    this.history = new PortableHistory(parts.rings, () => this.#sample('counters'))
  }

  view(): View {
    const system = new PortableView(this.#parts)
    return { system, age: () => system.#oldest }
  }

  #sample<N extends Name>(name: N): Samples[N] {
    const { sample, age } = this.#parts.samples.get(name)
    this.#oldest = Math.max(this.#oldest ?? 0, age)
    return sample
  }

  proc(path: string): string {
    const { live } = this.#parts
    switch (path) {
      case 'loadavg':
        return loadavgText(this.#sample('load'))
      case 'meminfo':
        return meminfoText(this.#sample('memory'))
      case 'swaps':
        return swapsText(this.#sample('memory'))
      case 'uptime':
        return `${live.uptime().toFixed(2)} 0.00\n`
      case 'sys/kernel/hostname':
        return `${live.hostname()}\n`
      default:
        throw noSuchObject('not told on this system')
    }
  }

  procRecord(path: string): string {
    return this.proc(path)
  }

  netDev(): string {
    return netDevText(this.#sample('counters'))
  }

  /** Of an interface only its place in the list is known. */
  sysfs(path: string): string {
    const [, name] = /^class\/net\/(.+)\/ifindex$/.exec(path) ?? []
    if (name === undefined) throw noSuchObject('not told on this system')
    return `${this.#sample('counters').links.findIndex((link) => link.name === name) + 1}\n`
  }

  sysfsHas(path: string): boolean {
    const [, name] = /^class\/net\/(.+)\/device$/.exec(path) ?? []
    if (name === undefined) return false
    const { links } = this.#sample('counters')
    return links.some((link) => link.name === name && link.physical)
  }

  async processes(): Promise<readonly Process[]> {
    return this.#sample('processes')
  }

  /** This process is none of the sample. */
  async processCount(): Promise<number> {
    return this.#sample('processes').length + 1
  }

  async statfs(path: string): Promise<Statfs> {
    const { path: there, place } = await this.#locate(path)
    return parseStatfs(await this.#parts.guard.run(place, statfsCall(there)))
  }

  localMounts(): readonly string[] {
    const points = localPoints(this.#sample('disks'))
    return points.map((point) => (point.startsWith('/') ? point : `/${point}`))
  }

  async mtime(path: string): Promise<number> {
    return (await statRegular(this.#parts.guard, await this.#locate(path))).mtimeMs
  }

  async withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
    return withRegular(this.#parts.guard, await this.#locate(path), use)
  }

  /** On Windows `/C:/x` is `C:/x`, and the drive is what may hang. */
  async #locate(path: string): Promise<Located> {
    const { options, samples, guard } = this.#parts
    const [, drive, rest] = /^\/([A-Za-z]:)(.*)$/.exec(path) ?? []
    if (options.platform === 'win32' && drive !== undefined) {
      const there = Buffer.from(`${drive}${rest === '' ? '/' : rest}`, 'latin1')
      return { path: there, place: drive.toUpperCase(), mount: undefined }
    }
    const mounts = () => mountTable(samples.last('disks') ?? [])
    return new Locator(options.root, guard, mounts).locate(path)
  }

  /** Read at once, and so only where it is known that nobody else stands behind the directory. */
  multiresults(most: number): string | undefined {
    const { options, samples } = this.#parts
    const mount = mountTable(samples.last('disks') ?? []).of(options.cache)
    if (!mount || isRemote(mount.type)) return undefined
    return readStart(`${options.cache}/multiresults`, most)
  }

  now(): number {
    return Date.now()
  }
}
