import type { Ask } from '../core/answer.ts'
import type { Vitals } from '../core/vitals.ts'
import type { Allow } from './allow.ts'
import type { HourlyLog } from './hourly.ts'
import type { Log } from './log.ts'

/** What every door of a process shares. */
export interface Room {
  readonly ask: Ask
  readonly log: Log
  readonly hourly: HourlyLog
  readonly vitals: Vitals
}

/** Where and to whom a door is open. */
export interface Site {
  /** 0: the kernel picks one. */
  readonly port: number
  readonly allow: Allow
  /** The local addresses to listen on; empty: all. */
  readonly listen: readonly string[]
  /** All addresses of one family only. */
  readonly family?: 4 | 6 | undefined
  /** Connections that the kernel keeps for us until they are accepted. */
  readonly backlog?: number | undefined
}

/** A way in: it has sockets from `open` to `close`. */
export interface Door {
  /** Where it listens: `127.0.0.1:8888`, `[::1]:8888`. */
  readonly places: readonly string[]
  /** Rejects with a sentence: `unable to bind …`. */
  open(): Promise<void>
  /** Takes nothing new; resolves when all that was begun is answered. */
  drain?(): Promise<void>
  close(): void
}
