// The client's side of the wire: replies of this knoerred and of older ones, with empty lines or without.
import { parseDecimal } from '../core/decimal.ts'

/** What a reply says of one key. */
export interface Result {
  readonly value: string
  /** The line before the value, or what follows the key of a record; empty when there is none. */
  readonly detail: string
  /** The sentence of an error: `error: no such key: lod1`. */
  readonly error?: string
}

export const encodeRequest = (keys: readonly string[]): string =>
  keys.map((key) => `${key}\n`).join('')

const result = (detail: string, value: string): Result =>
  detail.startsWith('error:') ? { value, detail, error: detail } : { value, detail }

const linesOf = (packet: Buffer): string[] =>
  packet.toString('latin1').replaceAll('\r', '').replace(/\n+$/, '').split('\n')

/** The reply to one key; undefined when there is no text in it. */
export function decodeReply(packet: Buffer): Result | undefined {
  const lines = linesOf(packet).filter((line) => line !== '')
  const value = lines.pop()
  if (value === undefined) return undefined
  const error = lines.find((line) => line.startsWith('error:'))
  return result(error ?? lines.at(-1) ?? '', value)
}

/** The records of a reply to several keys, by their first lines' first words. */
export function decodeRecords(packet: Buffer): Map<string, Result> {
  const records = new Map<string, Result>()
  const lines = linesOf(packet).filter((line) => line !== '')
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const head = lines[i] as string
    // load1 gives its detail a line of its own.
    const below = head === 'load1' && !parseDecimal(lines[i + 1] as string) && i + 2 < lines.length
    const value = lines[below ? i + 2 : i + 1] as string
    const blank = head.indexOf(' ')
    const key = blank === -1 ? head : head.slice(0, blank)
    const detail = below ? (lines[i + 1] as string) : blank === -1 ? '' : head.slice(blank + 1)
    if (!records.has(key)) records.set(key, result(detail, value))
    if (below) i++
  }
  return records
}
