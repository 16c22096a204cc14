import { fromUnicode } from '../core/bytes.ts'
import { noSuchObject, type Refused } from '../core/errors.ts'
import type {
  Health,
  History,
  Mount,
  OpenFile,
  Process,
  Statfs,
  System,
  View,
} from '../core/system.ts'
import type { OwnHealth } from './health.ts'
import type { Rings } from './history.ts'
import { isRemote } from './kinds.ts'
import { readStart } from './multiresults.ts'
import type { LinkCounters, Samples } from './portable-gather.ts'
import { PortableHistory } from './portable-history.ts'
import { localPoints, mountTable } from './portable-mounts.ts'
import type { LastSamples, Name } from './portable-samples.ts'
import { loadavgText, meminfoText, netDevText, statText, swapsText } from './portable-text.ts'
import type { Tree } from './tree.ts'

const absent = (): Refused => noSuchObject('not told on this system')

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
  /** Files of the host, and those of the daemon itself. */
  readonly host: Tree
  readonly own: Tree
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
  readonly hours: History
  readonly #parts: Parts
  #oldest: number | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.deadline = parts.options.deadline
    this.health = parts.health
    this.history = new PortableHistory(parts.rings, () => this.#sample('counters'))
    // Nothing is counted there: each series of it is no such object.
    this.hours = this.history
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
      case 'stat':
        return statText(this.#sample('processes'))
      case 'uptime':
        return `${live.uptime().toFixed(2)} 0.00\n`
      case 'sys/kernel/hostname':
        return `${live.hostname()}\n`
      default:
        throw absent()
    }
  }

  procRecord(path: string): string {
    return this.proc(path)
  }

  /** Samples tell of one moment anyway. */
  atOnce<T>(work: () => T): T {
    return work()
  }

  net(file: string): string {
    if (file !== 'dev') throw absent()
    return netDevText(this.#sample('counters'))
  }

  /** Of an interface only its place in the list is known. */
  sysfs(path: string): string {
    const [, name] = /^class\/net\/(.+)\/ifindex$/.exec(path) ?? []
    if (name === undefined) throw absent()
    return `${this.#links().findIndex((link) => link.name === name) + 1}\n`
  }

  #links(): readonly LinkCounters[] {
    return this.#sample('counters').links ?? []
  }

  async sysfsPatiently(): Promise<string> {
    throw absent()
  }

  sysfsNames(): readonly string[] {
    throw absent()
  }

  sysfsHas(path: string): boolean {
    const [, name] = /^class\/net\/(.+)\/device$/.exec(path) ?? []
    if (name === undefined) return false
    return this.#links().some((link) => link.name === name && link.physical)
  }

  async processes(): Promise<readonly Process[]> {
    return this.#sample('processes')
  }

  /** This process is none of the sample. */
  async processCount(): Promise<number> {
    return this.#sample('processes').length + 1
  }

  async descriptors(): Promise<never> {
    throw absent()
  }

  statfs(path: string): Promise<Statfs> {
    return this.#parts.host.statfs(path)
  }

  localMounts(): readonly string[] {
    return localPoints(this.#sample('disks'))
  }

  /** df(1) leaves some out: who looks for a mount in its list may not find it though it is there. */
  mounts(): readonly Mount[] {
    throw absent()
  }

  mtime(path: string): Promise<number> {
    return this.#parts.host.mtime(path)
  }

  withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
    return this.#parts.host.withFile(path, use)
  }

  withCached<T>(name: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
    return this.#parts.own.withFile(`${fromUnicode(this.#parts.options.cache)}/${name}`, use)
  }

  eachName(path: string, take: (name: string, isDirectory: boolean) => void): Promise<void> {
    return this.#parts.host.eachName(path, take)
  }

  async eachKernelMessage(): Promise<void> {
    throw absent()
  }

  async varlink(): Promise<object> {
    throw absent()
  }

  /** Read at once, and so only where it is known that nobody else stands behind the directory. */
  multiresults(most: number): string | undefined {
    const { options, samples } = this.#parts
    const mount = mountTable(samples.last('disks') ?? []).of(fromUnicode(options.cache))
    if (!mount || isRemote(mount.type)) return undefined
    return readStart(`${options.cache}/multiresults`, most)
  }

  now(): number {
    return Date.now()
  }
}
