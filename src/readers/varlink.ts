import { connect } from 'node:net'
import { cannotAnswerNow, noSuchObject, ParseError } from '../core/errors.ts'

/** Bytes of the longest reply. */
const MOST = 1_048_576

/**
 * The parameters of the reply to one call without parameters, https://varlink.org: JSON that ends with
 * a NUL, over a Unix socket. Rejects with the errno of connect(2), and with Refused.
 */
export function callVarlink(path: string, method: string, milliseconds: number): Promise<object> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const socket = connect(path, () => socket.write(`${JSON.stringify({ method })}\0`))
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      socket.destroy()
      settle()
    }
    const fail = (error: unknown): void => end(() => reject(error))
    const timer = setTimeout(() => fail(cannotAnswerNow(`${path} is silent`)), milliseconds)
    socket.on('error', fail)
    socket.on('end', () => fail(cannotAnswerNow(`${path} hung up`)))
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > MOST) fail(cannotAnswerNow(`${path} answers more than ${MOST} bytes`))
      else if (chunk.includes(0))
        end(() => {
          try {
            resolve(parseReply(Buffer.concat(chunks, length).toString('utf8')))
          } catch (error) {
            reject(error)
          }
        })
    })
  })
}

/** `{"parameters": {...}}` or `{"error": "..."}` and NUL. Throws ParseError, or Refused for an error. */
export function parseReply(text: string): object {
  const reply = record(json(text.slice(0, text.indexOf('\0'))))
  const { error } = reply
  if (typeof error === 'string') throw refused(error)
  return record(reply['parameters'])
}

function refused(error: string): Error {
  if (/\.PermissionDenied$/.test(error)) return Object.assign(new Error(error), { code: 'EACCES' })
  return /NotFound$|NotImplemented$/.test(error) ? noSuchObject(error) : cannotAnswerNow(error)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ParseError('a Varlink reply', text)
  }
}

/** A JSON object; ParseError for anything else. */
export function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ParseError('a Varlink reply', JSON.stringify(value) ?? '')
  return value as Record<string, unknown>
}
