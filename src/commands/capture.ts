import type { Readable } from 'node:stream'

/** What a stream says: its first `most` bytes, and how many came behind them. */
export class Capture {
  lost = 0
  readonly #chunks: Buffer[] = []
  #length = 0

  constructor(stream: Readable | null, most: number) {
    stream?.on('data', (chunk: Buffer) => {
      const kept = chunk.subarray(0, most - this.#length)
      this.lost += chunk.length - kept.length
      this.#length += kept.length
      if (kept.length > 0) this.#chunks.push(kept)
    })
    stream?.on('error', () => undefined)
  }

  /** As bytes. */
  get text(): string {
    return Buffer.concat(this.#chunks).toString('latin1')
  }
}
