import type { Health } from '../core/system.ts'
import type { Vitals } from '../core/vitals.ts'
import type { Guard } from './guard.ts'
import { StallMeter } from './stall.ts'
import { readUdpDrops } from './udpdrops.ts'

/** Milliseconds between turns of the stall meter: two make the minute it speaks of. */
const HALF_MINUTE = 30_000

/** The daemon's own state, measured while it runs. */
export class OwnHealth implements Health {
  readonly vitals: Vitals
  readonly #guard: Guard
  readonly #sandbox: () => string[]
  readonly #drops: (ports: ReadonlySet<number>) => number | undefined
  readonly #started = performance.now()
  readonly #meter = new StallMeter()
  #timer: NodeJS.Timeout | undefined

  /** What differs by system: findings about the samples or the sandbox, and the kernel's drops. */
  constructor(
    vitals: Vitals,
    guard: Guard,
    sandbox: () => string[],
    drops: (ports: ReadonlySet<number>) => number | undefined = readUdpDrops,
  ) {
    this.vitals = vitals
    this.#guard = guard
    this.#sandbox = sandbox
    this.#drops = drops
  }

  /** Starts to measure stalls. */
  start(): void {
    this.#meter.start()
    this.#timer = setInterval(() => this.#meter.turn(), HALF_MINUTE)
  }

  up(): number {
    return Math.floor((performance.now() - this.#started) / 1000)
  }

  stall(): number {
    return Math.round(this.#meter.longest())
  }

  hung(): readonly { name: string; since: number }[] {
    return this.#guard.hung()
  }

  drops(): number | undefined {
    return this.#drops(this.vitals.ports)
  }

  sandbox(): string[] {
    return this.#sandbox()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#meter.close()
  }
}
