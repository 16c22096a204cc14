/** What the doors count; `self` tells. */
export interface Vitals {
  /** Requests of clients. */
  requests: number
  /** Requests of strangers. */
  refused: number
  /** Replies that are an error. */
  errors: number
  /** Replies that the kernel did not take. */
  unsent: number
  /** Local UDP ports that are listened on. */
  readonly ports: Set<number>
  /** Addresses that could not be bound, with the reason. */
  readonly unbound: Map<string, string>
}

export const newVitals = (): Vitals => ({
  requests: 0,
  refused: 0,
  errors: 0,
  unsent: 0,
  ports: new Set(),
  unbound: new Map(),
})
