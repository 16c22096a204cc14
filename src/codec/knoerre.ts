// The wire of docs/protocol.md: a request is keys, each ended by LF; a reply ends with the value.
import { hasControl, isUnicode, printable } from '../core/bytes.ts'
import type { Answer, Entry, Excerpt, Question, Raw, Refusal, Reply } from '../core/check.ts'
import { isRecords, isRefusal } from '../core/check.ts'
import { safeAfter, safeBefore } from './cut.ts'

/** Bytes of the longest request. */
export const REQUEST_LIMIT = 512
/** 2^63-1: above every threshold, so that a client that reads only the value raises an alarm. */
export const ERROR_VALUE = '9223372036854775807'

const whole = (fault: string): Question[] => [{ key: '', fault }]

/**
 * The questions of a datagram. A datagram that is malformed as a whole is one question at fault. One
 * that holds the value of errors is a reply, and no request: two daemons would answer each other for
 * ever.
 */
export function decodeRequest(packet: Buffer): readonly Question[] {
  if (packet.length === 0) return whole('empty')
  if (packet.length > REQUEST_LIMIT)
    return packet.includes(`\n${ERROR_VALUE}\n`) ? [] : whole(`over ${REQUEST_LIMIT} bytes`)
  const lines = packet.toString('latin1').split('\n')
  const at = lines.indexOf(ERROR_VALUE, 1)
  if (at > 0 && at < lines.length - 1) return []
  if (lines.pop() !== '') return whole('no LF at the end')
  return lines.map(decodeKey)
}

function decodeKey(line: string): Question {
  const key = line.endsWith('\r') ? line.slice(0, -1) : line
  if (PLAIN.test(key)) return { key }
  if (key === '') return { key, fault: 'empty key' }
  if (hasControl(key)) return { key: printable(key), fault: 'control character in the key' }
  if (isUnicode(key)) return { key }
  return { key: key.replace(/[\x80-\xff]/g, '?'), fault: 'the key is not UTF-8' }
}

const PLAIN = /^[\x20-\x7e]+$/

/** Bytes that a value leaves for the mark of a cut detail. */
const MARK_ROOM = 32

/** A reply as bytes, at most `limit` of them; nothing is cut inside a number or a character. */
export function encodeReply(key: string, reply: Reply, limit: number): string {
  const found = fitting(reply, limit)
  if (isRecords(found)) return encodeRecords(found.records, limit)
  return encodeAnswer(isRefusal(found) ? refusalAnswer(key, found) : found, limit)
}

/** The reply, or a refusal where its value does not fit into `limit` bytes. */
export const fitting = (reply: Reply, limit: number): Reply =>
  !isRecords(reply) && !isRefusal(reply) && reply.value.length > limit - MARK_ROOM
    ? tooLong(reply.value)
    : reply

const tooLong = (value: string): Refusal => ({
  kind: 'cannot answer now',
  reason: `a value of ${value.length} bytes does not fit`,
})

/** A refusal as an answer; in a record the key stands before it already. */
const refusalAnswer = (
  key: string,
  { kind, reason }: Refusal,
): { detail: string; value: string } => ({
  detail: `error: ${kind}${key && `: ${key}`}${reason && ` (${reason})`}`,
  value: ERROR_VALUE,
})

function encodeAnswer(answer: Answer, limit: number): string {
  const detail = fittingDetail(answer, limit)
  return `${detail === '' ? '' : `${detail}\n`}${answer.value}\n`
}

/** The detail as it fits into a reply of `limit` bytes; empty when there is none. */
export const fittingDetail = ({ detail = '', value }: Answer, limit: number): string =>
  shorten(detail, limit - value.length - 2)

function encodeRecords(records: readonly (Entry | Raw)[], limit: number): string {
  const texts = records.map((record) => encodeRecord(record, Number.POSITIVE_INFINITY))
  const all = texts.join('')
  return all.length <= limit ? all : fit(records, texts, limit)
}

/** Leaves records out, whole and counted, until the rest and the last one fit. */
function fit(records: readonly (Entry | Raw)[], texts: readonly string[], limit: number): string {
  const space = limit - cutRecord(records.length).length
  const last = encodeRecord(records[records.length - 1] as Entry | Raw, space)
  const kept: string[] = []
  let room = space - last.length
  for (const [i, text] of texts.slice(0, -1).entries()) {
    const alone = text.length > space
    const record = alone
      ? encodeRecord(records[i] as Entry | Raw, Math.min(room, limit >> 1))
      : text
    if (record.length > room) continue
    kept.push(record)
    room -= record.length
  }
  const cut = texts.length - 1 - kept.length
  return kept.join('') + (cut > 0 ? cutRecord(cut) : '') + last
}

const cutRecord = (count: number): string => `cut ${count} records\n\n${count}\n`

/** One record, its detail shortened so that it takes `limit` bytes if key and value allow that. */
function encodeRecord(record: Entry | Raw, limit: number): string {
  if ('raw' in record) return record.raw
  const { key, outcome } = record
  if (isRefusal(outcome)) return encodeRecord({ key, outcome: refusalAnswer('', outcome) }, limit)
  const room = limit - key.length - outcome.value.length - '\n\n\n\n'.length
  if (room < MARK_ROOM && outcome.value !== ERROR_VALUE)
    return encodeRecord({ key, outcome: tooLong(outcome.value) }, limit)
  const detail = shorten(firstLine(outcome.detail), room)
  const head =
    detail === '' ? `${key}\n\n` : record.below ? `${key}\n\n${detail}\n` : `${key} ${detail}\n\n`
  return `${head}${outcome.value}\n`
}

function firstLine(detail: string | Excerpt = ''): string | Excerpt {
  const text = typeof detail === 'string' ? detail : detail.head
  const end = text.indexOf('\n')
  return end === -1 ? detail : text.slice(0, end)
}

/** The detail in at most `room` bytes: its middle gives way to `[N bytes cut]`. */
function shorten(detail: string | Excerpt, room: number): string {
  if (typeof detail === 'string' && detail.length <= room) return detail
  const { head, cut, tail } =
    typeof detail === 'string' ? { head: detail, cut: 0, tail: detail } : detail
  const total = typeof detail === 'string' ? detail.length : head.length + cut + tail.length
  const space = Math.max(0, room - `[${total} bytes cut]`.length)
  const half = Math.max(Math.ceil(space / 2), space - tail.length)
  const first = safeBefore(head, Math.min(half, head.length))
  const from = safeAfter(tail, Math.max(0, tail.length - (space - first)))
  const rest = tail.slice(from)
  return `${head.slice(0, first)}[${total - first - rest.length} bytes cut]${rest}`
}
