import type { Kind } from './errors.ts'
import type { Sets } from './sets.ts'
import type { System } from './system.ts'

/** A text whose middle was not kept: `cut` bytes stood between head and tail. */
export interface Excerpt {
  readonly head: string
  readonly cut: number
  readonly tail: string
}

/** What a check found. All text is bytes (see bytes.ts). */
export interface Answer {
  /** The last line of the reply, as text: a load is printed as the kernel prints it. */
  readonly value: string
  /** The lines before it, without the last line's LF. */
  readonly detail?: string | Excerpt
}

/** Why there is no answer. */
export interface Refusal {
  readonly kind: Kind
  readonly reason: string
  /** What was thrown, when it was nothing that a check may throw: a fault of ours, to be logged. */
  readonly fault?: unknown
}

export type Outcome = Answer | Refusal

/** One record of a reply to several keys. */
export interface Entry {
  readonly key: string
  readonly outcome: Outcome
  /** The detail stands on a line of its own, as in the last record of loadmulti. */
  readonly below?: boolean
}

/** A record that somebody else wrote, complete with its line feeds. */
export interface Raw {
  readonly raw: string
}

export interface Records {
  readonly records: readonly (Entry | Raw)[]
}

export type Reply = Outcome | Records

/** A key as a request holds it, or what is wrong with it. */
export interface Question {
  readonly key: string
  readonly fault?: string
}

/** What a value is counted in: `/s` is how many a second. Absent where it is a count or a verdict. */
export type Unit = '%' | 's' | 'ms' | 'B/s' | '/s' | '°C'

/** Asks one key, as it came over the wire. Never throws, never rejects. */
export type Ask = (question: Question) => Reply | Promise<Reply>

/** What a check may use besides the host: other keys, and the sets of them that have a name. */
export interface Desk {
  readonly ask: Ask
  readonly sets: Sets
}

/** A key and what answers it. */
export interface Check {
  /** The name on the wire, up to the first slash. */
  readonly key: string
  /** What follows the key: `/PATH`; in brackets when it may be left out. Absent: nothing may follow. */
  readonly argument?: string
  /** It may leave the event loop (files, mounts, processes): how many run at once is limited. */
  readonly slow?: true
  /** Its reply is records of several keys. */
  readonly several?: true
  readonly unit?: Unit
  /** One line for people: what the value is, and its unit. */
  readonly summary: string
  /** `argument` is the text after the slash. Throws Refused, an errno error or a ParseError. */
  run(system: System, argument: string, desk: Desk): Answer | Records | Promise<Answer | Records>
}

/** `diskusage/PATH`: the key as manuals print it. */
export const syntax = (check: Check): string => check.key + (check.argument ?? '')

export const isRefusal = (reply: Reply): reply is Refusal => 'kind' in reply
export const isRecords = (reply: Reply): reply is Records => 'records' in reply
