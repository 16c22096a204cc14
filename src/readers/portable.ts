import { hostname, uptime } from 'node:os'
import { Worker } from 'node:worker_threads'
import { fromUnicode } from '../core/bytes.ts'
import type { RunningSystem } from '../core/system.ts'
import type { Vitals } from '../core/vitals.ts'
import { Guard, patience } from './guard.ts'
import { OwnHealth } from './health.ts'
import { Rings } from './history.ts'
import type { Disk } from './portable-gather.ts'
import { treeOf } from './portable-mounts.ts'
import { LastSamples, monotonic, type News, PERIOD } from './portable-samples.ts'
import { series } from './portable-text.ts'
import { type Parts, PortableView } from './portable-view.ts'

export type PortableOptions = Parts['options'] & {
  /** Threads that may hang at once, of those that Node's pool has. */
  readonly mostHung: number
}

/** From here, and from the bundle in dist/bin. */
const WORKER = new URL('../readers/portable-worker.js', import.meta.url)

function partsOf(options: PortableOptions, vitals: Vitals, guard: Guard): Parts {
  const samples = new LastSamples(monotonic)
  const disks = (): readonly Disk[] => samples.last('disks') ?? []
  return {
    options,
    samples,
    host: treeOf(options, guard, disks),
    own: treeOf({ ...options, root: '/' }, guard, disks),
    rings: new Rings(monotonic, PERIOD),
    health: new OwnHealth(
      vitals,
      guard,
      () => samples.findings(),
      () => undefined,
    ),
    live: { hostname: () => fromUnicode(hostname()), uptime },
  }
}

/** Keeps what the worker says. It may have waited here: the rates rest on when it was read. */
export function take({ samples, rings }: Pick<Parts, 'samples' | 'rings'>, news: News): void {
  samples.take(news)
  if (news.name === 'counters' && 'sample' in news) rings.add(series(news.sample), news.at)
}

/** A host without /proc: what systeminformation and node:os tell, sampled in a thread of its own. */
export class PortableSystem extends PortableView implements RunningSystem {
  readonly #parts: Parts
  readonly #guard: Guard
  #worker: Worker | undefined
  #restart: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: PortableOptions, vitals: Vitals) {
    const guard = new Guard(options.mostHung, patience(options.deadline))
    const parts = partsOf(options, vitals, guard)
    super(parts)
    this.#parts = parts
    this.#guard = guard
  }

  /** Resolves at once: until the first samples are there the answer is `cannot answer now`. */
  async start(): Promise<void> {
    this.#parts.health.start()
    this.#work()
  }

  #work(): void {
    const { samples } = this.#parts
    const worker = new Worker(WORKER, { execArgv: [] })
    this.#worker = worker
    worker.on('message', (news: News) => take(this.#parts, news))
    worker.on('error', (error) => {
      samples.broken = `sampling ended: ${error.message}`
    })
    worker.on('exit', () => {
      this.#worker = undefined
      if (!this.#closed) this.#restart = setTimeout(() => this.#work(), PERIOD)
    })
  }

  get outstanding(): number {
    return this.#guard.outstanding + (this.#worker ? 1 : 0)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#restart)
    void this.#worker?.terminate()
    this.#parts.health.close()
    this.#guard.close()
  }
}
