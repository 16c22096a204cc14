import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** /proc/loadavg, proc(5). The loads keep the kernel's text. */
export interface Loadavg {
  readonly one: string
  readonly five: string
  readonly fifteen: string
  /** Scheduling entities (threads) that exist; undefined where they are not told. */
  readonly entities: string | undefined
  readonly line: string
}

let last: { readonly text: string; readonly loadavg: Loadavg } | undefined

/** Parsed once for each text: four records of loadmulti come from one. */
export function readLoadavg(system: System): Loadavg {
  const text = system.procRecord('loadavg')
  if (last?.text !== text) last = { text, loadavg: parseLoadavg(text) }
  return last.loadavg
}

/** `0.21 0.37 0.39 1/719 19737` and LF; a dash stands where nobody counts threads. Throws ParseError. */
export function parseLoadavg(text: string): Loadavg {
  const match = LINE.exec(text)
  if (!match) throw new ParseError('loadavg', text)
  const [line = '', one = '', five = '', fifteen = '', entities] = match
  return { one, five, fifteen, entities, line: entities === undefined ? line.slice(0, -2) : line }
}

const LINE = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+)(?: \d+\/(\d+) \d+| -)$/m
