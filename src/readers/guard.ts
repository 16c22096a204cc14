import { cannotAnswerNow, Refused } from '../core/errors.ts'

/** A call in Node's thread pool that ends by `done`; it may never end. */
export type PoolCall<T> = (done: (error: Error | null, value: T) => void) => void

/** A place (a mount) whose call has not come back. `since` is in milliseconds of the epoch. */
export class Hung extends Refused {
  readonly since: number
  constructor(place: string, since: number) {
    super('cannot answer now', `${place} hangs since ${new Date(since).toISOString()}`)
    this.since = since
  }
}

/** Who reads gives up a little before the door does, because it knows what took so long. */
export const patience = (deadline: number): number => deadline * 0.9

interface Job {
  /** Nobody waits for it any more: it is not begun. */
  expired: boolean
  readonly place: string
  readonly start: () => void
}

interface Place {
  /** When the call under way began: milliseconds of the epoch for people, monotonic for us. */
  since: number
  began: number
  readonly waiting: Job[]
}

/** Jobs that wait for one place. */
const MOST_WAITING = 64
/** Jobs that wait until fewer places are busy. */
const MOST_IN_LINE = 256

/**
 * Keeps hung calls from filling the pool: one call at a time for each place, `most` in all; others
 * wait. Who asks a place that hangs is refused at once, and so is everybody while `most` hang; who
 * waited longer than `deadline` milliseconds, then.
 */
export class Guard {
  readonly #most: number
  readonly #deadline: number
  readonly #places = new Map<string, Place>()
  #line: Job[] = []
  #closed = false

  constructor(most: number, deadline: number) {
    this.#most = most
    this.#deadline = deadline
  }

  /** Begins no more calls but those that close what is open. */
  close(): void {
    this.#closed = true
  }

  /** Calls under way. One that hangs keeps the process from ending by exit(3). */
  get outstanding(): number {
    return this.#places.size
  }

  /** The places that hang. */
  hung(): { name: string; since: number }[] {
    return [...this.#places]
      .filter(([, place]) => this.#hangs(place))
      .map(([name, { since }]) => ({ name, since }))
  }

  /**
   * Runs one call on a place. Rejects with the call's error, or with Refused when it may not begin
   * or does not end in time; `discard` gets a result that comes after that.
   */
  run<T>(name: string, call: PoolCall<T>, discard?: (value: T) => void): Promise<T> {
    const refused = this.#refusal(name)
    if (refused) return Promise.reject(refused)
    return new Promise((resolve, reject) => {
      const job: Job = { expired: false, place: name, start: () => this.#start(name, call, done) }
      const timer = setTimeout(() => {
        job.expired = true
        reject(this.#tooLate(name))
      }, this.#deadline)
      const done = (error: Error | null, value: T): void => {
        clearTimeout(timer)
        if (error) reject(error)
        else if (job.expired) discard?.(value)
        else resolve(value)
      }
      if (this.#isFull(name)) this.#line.push(job)
      else this.#queue(job)
    })
  }

  /** Runs a call as soon as the place is free, however long that takes: what was opened is closed. */
  later(name: string, call: PoolCall<unknown>): void {
    const start = (): void => this.#start(name, call, () => {})
    this.#queue({ expired: false, place: name, start })
  }

  #refusal(name: string): Refused | undefined {
    if (this.#closed) return cannotAnswerNow('the daemon is ending')
    const place = this.#places.get(name)
    if (place && this.#hangs(place)) return new Hung(name, place.since)
    if (place && place.waiting.length >= MOST_WAITING)
      return cannotAnswerNow(`too many questions about ${name}`)
    return this.#isFull(name) && this.#isStuck() ? this.#noRoom() : undefined
  }

  /** Whether a place that nobody asks yet would be one too many. */
  #isFull(name: string): boolean {
    return !this.#places.has(name) && this.#places.size >= this.#most
  }

  /** Whether it makes no sense to wait until fewer places are busy. */
  #isStuck(): boolean {
    this.#line = this.#line.filter((job) => !job.expired)
    if (this.#line.length >= MOST_IN_LINE) return true
    return [...this.#places.values()].every((place) => this.#hangs(place))
  }

  #noRoom(): Refused {
    return cannotAnswerNow(`${this.#most} calls on other mounts are under way`)
  }

  #tooLate(name: string): Refused {
    const place = this.#places.get(name)
    if (!place) return this.#noRoom()
    return this.#hangs(place)
      ? new Hung(name, place.since)
      : cannotAnswerNow(`${name} did not answer within ${Math.round(this.#deadline)} ms`)
  }

  /** Timers may fire a fraction of a millisecond early. */
  #hangs(place: Place): boolean {
    return performance.now() - place.began >= this.#deadline - 1
  }

  #queue(job: Job): void {
    const place = this.#places.get(job.place)
    if (place) {
      place.waiting.push(job)
      return
    }
    this.#places.set(job.place, { since: Date.now(), began: performance.now(), waiting: [] })
    job.start()
  }

  #start<T>(name: string, call: PoolCall<T>, done: (error: Error | null, value: T) => void): void {
    call((error, value) => {
      this.#next(name)
      done(error, value)
    })
  }

  #next(name: string): void {
    const place = this.#places.get(name)
    let job = place?.waiting.shift()
    while (job?.expired) job = place?.waiting.shift()
    if (!place || !job) {
      this.#places.delete(name)
      this.#admit()
      return
    }
    place.since = Date.now()
    place.began = performance.now()
    job.start()
  }
  /** Begins what stands in line, as far as there is room. */
  #admit(): void {
    while (!this.#closed && this.#line.length > 0 && this.#places.size < this.#most) {
      const job = this.#line.shift()
      if (job && !job.expired) this.#queue(job)
    }
  }
}
