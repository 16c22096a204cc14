import { readFile } from 'node:fs'
import { fromUnicode } from '../core/bytes.ts'
import type { Descriptors, Mount, OpenFile, Process, Statfs, System } from '../core/system.ts'
import type { Vitals } from '../core/vitals.ts'
import { readDescriptors } from './descriptors.ts'
import { Guard, patience } from './guard.ts'
import { OwnHealth } from './health.ts'
import { Rings } from './history.ts'
import { KeptFiles } from './keptfiles.ts'
import { pointsWithSpace } from './kinds.ts'
import { KernelLog } from './kmsg.ts'
import { Moment } from './moment.ts'
import { MountReader } from './mounts.ts'
import { readStart } from './multiresults.ts'
import { ProcessTable } from './processes.ts'
import { MINUTE, SECOND, startSampler } from './sampler.ts'
import { sandboxFindings } from './sandbox.ts'
import { statfsNow } from './statfs.ts'
import { sysfsPlace } from './sysfs.ts'
import { Tree } from './tree.ts'
import type { Trees } from './trees.ts'
import { callVarlink } from './varlink.ts'

export type { Trees }

/** Milliseconds between looks at what `/` and the cache directory are. */
const LOOK = 5_000

/** A Linux host, read from its /proc, its /sys and statfs(2). */
export class LinuxSystem implements System {
  readonly deadline: number
  readonly history: Rings = new Rings(() => performance.now(), SECOND)
  readonly hours: Rings = new Rings(() => performance.now(), MINUTE)
  readonly health: OwnHealth
  readonly #trees: Trees
  readonly #proc: KeptFiles
  readonly #sys: KeptFiles
  readonly #guard: Guard
  readonly #processes: ProcessTable
  readonly #log: KernelLog
  readonly #mounts: MountReader
  readonly #host: Tree
  readonly #own: Tree
  readonly #pid: string
  readonly #cache: string
  #net = 'net'
  #local = { root: false, cache: false }
  readonly #moment = new Moment()
  readonly #record = (path: string): string => this.#proc.record(path)
  readonly #timers: NodeJS.Timeout[] = []

  constructor(trees: Trees, vitals: Vitals) {
    this.#trees = trees
    this.deadline = trees.deadline
    this.#cache = fromUnicode(trees.cache)
    this.#proc = new KeptFiles(trees.proc)
    this.#sys = new KeptFiles(trees.sys)
    this.#guard = new Guard(trees.mostHung, patience(trees.deadline))
    this.health = new OwnHealth(vitals, this.#guard, () => sandboxFindings(trees))
    this.#processes = new ProcessTable(trees.proc, this.#guard)
    this.#log = new KernelLog(trees.root, trees.deadline)
    // Another /proc is another host's: what it says of `self` is said of us and not of the host.
    this.#pid = trees.proc === '/proc' ? 'self' : '1'
    if (this.#pid === '1' && this.#proc.has('1/net/dev')) this.#net = '1/net'
    this.#mounts = new MountReader(trees.proc, this.#pid)
    const own = this.#pid === 'self' ? this.#mounts : new MountReader('/proc', 'self')
    const tree = (root: string, mounts: MountReader): Tree =>
      new Tree(root, this.#guard, this.deadline, () => mounts.table())
    this.#host = tree(trees.root, this.#mounts)
    this.#own = tree('/', own)
  }

  /** Resolves when there are rates, of samples `apart` milliseconds apart, and what never waits is known. */
  async start(apart?: number): Promise<void> {
    this.health.start()
    this.#timers.push(setInterval(() => void this.#look(), LOOK))
    const sampling = startSampler(this, this.history, this.hours, apart)
    const [timers] = await Promise.all([sampling, this.#look()])
    this.#timers.push(...timers)
  }

  /** What lies on another machine, or behind another process, is never asked on the event loop. */
  async #look(): Promise<void> {
    const looks = [this.#host.isLocal('/'), this.#own.isLocal(this.#cache)] as const
    const [root, cache] = await Promise.all(looks)
    this.#local = { root, cache }
  }

  proc(path: string): string {
    return this.#proc.text(path)
  }

  procRecord(path: string): string {
    return this.#moment.once(path, this.#record)
  }

  atOnce<T>(work: () => T): T {
    return this.#moment.during(work)
  }

  net(file: string): string {
    return this.#proc.text(`${this.#net}/${file}`)
  }

  sysfs(path: string): string {
    return this.#sys.record(path)
  }

  sysfsHas(path: string): boolean {
    return this.#sys.has(path)
  }

  sysfsNames(path: string): string[] {
    return this.#sys.names(path)
  }

  sysfsPatiently(path: string): Promise<string> {
    const file = this.#sys.pathOf(path)
    const place = `${this.#trees.sys}/${sysfsPlace(path)}`
    return this.#guard.run(place, (done) => readFile(file, 'latin1', done))
  }

  mounts(): readonly Mount[] {
    return this.#mounts.table().visible()
  }

  processes(): Promise<readonly Process[]> {
    return this.#processes.all()
  }

  ownerOf(pid: number): number | undefined {
    return this.#processes.ownerOf(pid)
  }

  processCount(): Promise<number> {
    return this.#processes.count()
  }

  descriptors(pid: number): Promise<Descriptors> {
    return readDescriptors(this.#trees.proc, pid, this.#guard)
  }

  statfs(path: string): Statfs | Promise<Statfs> {
    return path === '/' && this.#local.root
      ? this.#moment.once(this.#trees.root, statfsNow)
      : this.#host.statfs(path)
  }

  localMounts(): readonly string[] {
    return pointsWithSpace(this.mounts())
  }

  mtime(path: string): Promise<number> {
    return this.#host.mtime(path)
  }

  withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
    return this.#host.withFile(path, use)
  }

  withCached<T>(name: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
    return this.#own.withFile(`${this.#cache}/${name}`, use)
  }

  eachName(path: string, take: (name: string, isDirectory: boolean) => void): Promise<void> {
    return this.#host.eachName(path, take)
  }

  eachKernelMessage(take: (message: string) => void): Promise<void> {
    return this.#log.each(take)
  }

  varlink(socket: string, method: string): Promise<object> {
    return callVarlink(`${this.#trees.root}${socket}`, method, patience(this.deadline))
  }

  multiresults(most: number): string | undefined {
    return this.#local.cache ? readStart(`${this.#trees.cache}/multiresults`, most) : undefined
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
