/** Milliseconds of work after which everybody else has a turn. */
const SLICE = 2

/** Cuts long work into turns: `if (turns.over) await turns.next()`. */
export class Turns {
  #began = performance.now()

  get over(): boolean {
    return performance.now() - this.#began >= SLICE
  }

  /** Resolves once everybody else had a turn. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve))
    this.#began = performance.now()
  }
}
