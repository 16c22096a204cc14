/** Where the host's trees are, and how long an answer may take. */
export interface Trees {
  readonly proc: string
  readonly sys: string
  readonly root: string
  readonly cache: string
  /** Milliseconds. */
  readonly deadline: number
  /** Threads that may hang at once, of those that Node's pool has. */
  readonly mostHung: number
}
