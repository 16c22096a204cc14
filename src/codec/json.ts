// Replies as JSON: value, detail, unit and error apart.
import { toUnicode } from '../core/bytes.ts'
import type { Outcome, Reply, Unit } from '../core/check.ts'
import { isRecords, isRefusal } from '../core/check.ts'
import { fittingDetail } from './knoerre.ts'
import { decodeRecords } from './reply.ts'

/** The unit of a key, if it has one. */
export type UnitOf = (key: string) => Unit | undefined

/** A number as RFC 8259 has it: it stands in the JSON as the reply prints it, digit by digit. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/

const text = (bytes: string): string => JSON.stringify(toUnicode(bytes))

/** `{"key":…,"value":…,"detail":…,"unit":…,"error":…}`, null where there is none. Bytes in UTF-8. */
function encodeOutcome(key: string, outcome: Outcome, unitOf: UnitOf, limit: number): string {
  const refused = isRefusal(outcome)
  const detail = refused ? '' : fittingDetail(outcome, limit)
  const fields = [
    `"key":${text(key)}`,
    `"value":${refused ? null : NUMBER.test(outcome.value) ? outcome.value : text(outcome.value)}`,
    `"detail":${detail === '' ? null : text(detail)}`,
    `"unit":${JSON.stringify(unitOf(key) ?? null)}`,
    `"error":${refused ? text(`${outcome.kind}${outcome.reason && ` (${outcome.reason})`}`) : null}`,
  ]
  return `{${fields.join()}}`
}

/** A reply as JSON, in UTF-16; records are a list of such objects under `records`. */
export function encodeJson(key: string, reply: Reply, unitOf: UnitOf, limit: number): string {
  if (!isRecords(reply)) return encodeOutcome(key, reply, unitOf, limit)
  const records = reply.records.flatMap((record) =>
    'raw' in record
      ? [...decodeRecords(Buffer.from(record.raw, 'latin1'))].map(([name, { value, detail }]) =>
          encodeOutcome(name, { value, detail }, unitOf, limit),
        )
      : [encodeOutcome(record.key, record.outcome, unitOf, limit)],
  )
  return `{"key":${text(key)},"records":[${records.join()}]}`
}
