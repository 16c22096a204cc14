/** What is read once while a packet of many keys is answered: all of it tells of one moment. */
export class Moment {
  #seen: Map<string, unknown> | undefined

  /** Runs `work`, in which each thing is read once. */
  during<T>(work: () => T): T {
    const outer = this.#seen
    this.#seen ??= new Map()
    try {
      return work()
    } finally {
      this.#seen = outer
    }
  }

  /** What was read under that name in this moment; outside of one it is read each time. */
  once<T>(name: string, read: (name: string) => T): T {
    const seen = this.#seen
    if (seen === undefined) return read(name)
    const known = seen.get(name) as T | undefined
    if (known !== undefined) return known
    const found = read(name)
    seen.set(name, found)
    return found
  }
}
