import { isRecords, isRefusal, type Reply } from './check.ts'

/** Keys whose last good value is kept, and bytes of the longest value that is. */
const MOST_REMEMBERED = 256
const LONGEST_REMEMBERED = 64

/** The last good values of slow keys: who cannot answer now says what it said last, and when. */
export class LastGood {
  readonly #values = new Map<string, { value: string; at: number }>()

  /** Keeps a good answer; adds to `cannot answer now` what was kept. */
  remember(key: string, reply: Reply): Reply {
    if (isRecords(reply)) return reply
    if (!isRefusal(reply)) {
      this.#keep(key, reply.value)
      return reply
    }
    const last = this.#values.get(key)
    if (reply.kind !== 'cannot answer now' || !last) return reply
    const age = Math.round((performance.now() - last.at) / 1000)
    return { ...reply, reason: `${reply.reason}, last ${last.value} ${age}s ago` }
  }

  #keep(key: string, value: string): void {
    this.#values.delete(key)
    if (value.length > LONGEST_REMEMBERED) return
    const [oldest] = this.#values.keys()
    if (oldest !== undefined && this.#values.size >= MOST_REMEMBERED) this.#values.delete(oldest)
    this.#values.set(key, { value, at: performance.now() })
  }
}
