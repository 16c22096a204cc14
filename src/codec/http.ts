// HTTP as far as a key needs it, RFC 9112: one request a connection, its body never read.
import { hasControl } from '../core/bytes.ts'
import type { Question, Reply } from '../core/check.ts'
import { isRecords, isRefusal } from '../core/check.ts'
import type { Kind } from '../core/errors.ts'
import { decodeRequest } from './knoerre.ts'

/** The head of a request. All text is bytes. */
export interface HttpRequest {
  readonly method: string
  /** Path and query as they were sent. */
  readonly target: string
  /** HTTP/0.9: a request line without a version; the reply is the body alone. */
  readonly simple: boolean
  /** Whether it asks for application/json. */
  readonly json: boolean
  /** What a browser calls this host, without a port; undefined for all other clients. */
  readonly browsed?: string
}

/** Why a head is not answered. */
export interface HttpFault {
  readonly status: number
  readonly reason: string
}

export interface HttpResponse {
  readonly status: number
  /** Content-Type. */
  readonly type: string
  /** Bytes. */
  readonly body: string
  /** Further header lines. */
  readonly headers?: readonly string[]
}

/** Bytes of a whole head. */
export const HEAD_LIMIT = 8_192

const fault = (status: number, reason: string): HttpFault => ({ status, reason })

/**
 * The head of a request, from what came of it so far; undefined while it is not whole. `ended`: no
 * more will come. The request line takes at most `lineLimit` bytes.
 */
export function decodeHead(
  bytes: string,
  lineLimit: number,
  ended = false,
): HttpRequest | HttpFault | undefined {
  const start = /^(?:\r?\n)*/.exec(bytes)?.[0].length ?? 0
  const end = bytes.indexOf('\n', start)
  const line = bytes.slice(start, end === -1 ? undefined : end).replace(/\r$/, '')
  if (line.length > lineLimit) return fault(414, `a request line over ${lineLimit} bytes`)
  if (end === -1)
    return ended || start > lineLimit ? fault(400, 'no whole request line') : undefined
  const words = splitLine(line)
  if (!words) return fault(400, 'no request line of HTTP')
  const { method, target, version } = words
  if (version === undefined) return { method, target, simple: true, json: false }
  if (!version.startsWith('1.')) return fault(505, 'HTTP/1.0 and HTTP/1.1 are spoken here')
  const blank = /\n\r?\n/.exec(bytes.slice(end))
  const size = blank ? end + blank.index : bytes.length
  if (size > HEAD_LIMIT) return fault(431, `a head over ${HEAD_LIMIT} bytes`)
  if (!blank && !ended) return undefined
  const head = bytes.slice(end, size)
  const json = /^accept:.*\bapplication\/json\b/im.test(head)
  const browsed = BROWSER.test(head)
    ? (/^host: *(\[[^\]]*\]|[^\s:]*)/im.exec(head)?.[1] ?? '')
    : undefined
  return { method, target, simple: false, json, ...(browsed !== undefined && { browsed }) }
}

/** A page's script can give another name of itself in Firefox, but cannot leave the language out. */
const BROWSER = /^(?:user-agent: *mozilla|accept-language:)/im

/** A request line, in time that grows with its length: a target may hold blanks, up to the last word. */
function splitLine(
  line: string,
): { method: string; target: string; version: string | undefined } | undefined {
  const [, method = '', rest = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? []
  if (rest === '' || hasControl(line)) return undefined
  const at = rest.lastIndexOf(' HTTP/')
  const version = at === -1 ? undefined : /^\d+\.\d+$/.exec(rest.slice(at + ' HTTP/'.length))?.[0]
  const target = /^.*[^ ]/.exec(version === undefined ? rest : rest.slice(0, at))?.[0]
  return target === undefined ? undefined : { method, target, version }
}

/** Path and query of a target in origin-form or absolute-form; undefined for any other form. */
export function splitTarget(target: string): { path: string; query: string } | undefined {
  const [, path, query] =
    /^(?:https?:\/\/[^/?#]+)?(\/[^?#]*)?(\?[^#]*)?(?:#.*)?$/i.exec(target) ?? []
  if (path === undefined && query === undefined && !/^https?:/i.test(target)) return undefined
  return { path: path ?? '/', query: query?.slice(1) ?? '' }
}

/** The questions of a path: escapes undone and an LF added, it is a packet of docs/protocol.md. */
export function decodePath(path: string): readonly Question[] {
  if (/%(?![0-9a-f]{2})/i.test(path)) return [{ key: '', fault: 'a bad escape in the path' }]
  const key = path
    .slice(1)
    .replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  const questions = decodeRequest(Buffer.from(`${key}\n`, 'latin1'))
  return questions.length > 0 ? questions : [{ key: '', fault: 'this is a reply' }]
}

/** A key as the path of a request. */
export const encodePath = (key: string): string =>
  `/${key.replace(/[^\w/.~:@!$&'()*+,;=-]/g, (byte) => `%${hex(byte)}`)}`

const hex = (byte: string): string => byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')

const STATUSES: Readonly<Record<Kind, number>> = {
  'bad request': 400,
  'bad argument': 400,
  'no such key': 404,
  'no such object': 404,
  'not permitted': 403,
  'cannot answer now': 503,
}

/** The status of a reply. Records are one reply, each with an error of its own. */
export const statusOf = (reply: Reply): number =>
  isRecords(reply) || !isRefusal(reply) ? 200 : STATUSES[reply.kind]

const PHRASES: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  414: 'URI Too Long',
  421: 'Misdirected Request',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
  505: 'HTTP Version Not Supported',
}

/** A response as bytes; without its body where the method is HEAD, without a head for HTTP/0.9. */
export function encodeResponse(
  { status, type, body, headers = [] }: HttpResponse,
  { method, simple }: Pick<HttpRequest, 'method' | 'simple'>,
): string {
  if (simple) return body
  const lines = [
    `HTTP/1.1 ${status} ${PHRASES[status] ?? ''}`,
    `Content-Type: ${type}`,
    `Content-Length: ${body.length}`,
    'Connection: close',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    ...headers,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${method === 'HEAD' ? '' : body}`
}

/** What a server replied. */
export interface HttpReply {
  /** `404 Not Found`; undefined for a body without a head. */
  readonly status: string | undefined
  readonly body: Buffer
  /** Whether all of the body that the head speaks of is there. */
  readonly whole: boolean
}

/** The reply in what came so far; undefined while its head is not whole. */
export function decodeResponse(bytes: Buffer, ended: boolean): HttpReply | undefined {
  const text = bytes.toString('latin1')
  if (!text.startsWith('HTTP/'))
    return ended ? { status: undefined, body: bytes, whole: true } : undefined
  const blank = /\n\r?\n/.exec(text)
  if (!blank) return undefined
  const head = text.slice(0, blank.index)
  const body = bytes.subarray(blank.index + blank[0].length)
  const length = /^content-length: *(\d+)/im.exec(head)?.[1]
  return {
    status: /^HTTP\/\S+ +([^\r\n]*)/.exec(head)?.[1]?.trimEnd() ?? '',
    body: length === undefined ? body : body.subarray(0, Number(length)),
    whole: length === undefined ? ended : body.length >= Number(length),
  }
}
