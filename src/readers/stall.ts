import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'

/** Milliseconds between looks: a stall is told up to this much too short. Each look wakes the process. */
const RESOLUTION = 250

/** The longest stall of the event loop in the last minute, or the two halves of it. */
export class StallMeter {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION })
  #before = 0

  start(): void {
    this.#histogram.enable()
  }

  /** To be called twice a minute. */
  turn(): void {
    this.#before = this.#max()
    this.#histogram.reset()
  }

  /** Milliseconds. */
  longest(): number {
    return Math.max(this.#before, this.#max())
  }

  close(): void {
    this.#histogram.disable()
  }

  /** The histogram counts the whole interval; what exceeds it is the stall. */
  #max(): number {
    return Math.max(0, this.#histogram.max / 1e6 - RESOLUTION)
  }
}
