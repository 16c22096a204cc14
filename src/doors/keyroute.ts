import {
  decodePath,
  type HttpFault,
  type HttpRequest,
  type HttpResponse,
  splitTarget,
  statusOf,
} from '../codec/http.ts'
import { encodeJson, type UnitOf } from '../codec/json.ts'
import { encodeReply, fitting } from '../codec/knoerre.ts'
import { type Ask, answerRequest } from '../core/answer.ts'
import { fromUnicode } from '../core/bytes.ts'
import type { Refusal, Reply } from '../core/check.ts'
import type { Registry } from '../core/registry.ts'

export const TEXT = 'text/plain; charset=utf-8'
export const JSON_TYPE = 'application/json'

/** Bytes of the longest reply: that of UDP over IPv4, so that both doors say the same. */
export const USUAL_REPLY = 1_472

/** What a request for a key needs. */
export interface KeySite {
  readonly ask: Ask
  readonly unitOf: UnitOf
  /** Bytes of the longest reply. */
  readonly limit: number
}

/** The unit of a key by the table of all keys. */
export const unitsOf =
  (checks: Registry): UnitOf =>
  (key) =>
    checks.get(key.split('/', 1)[0] ?? '')?.unit

/** What is wrong with a request, in the words of the wire. */
export function refuse({ status, reason }: HttpFault, json = false): HttpResponse {
  const refusal: Refusal = { kind: status === 503 ? 'cannot answer now' : 'bad request', reason }
  const site = { unitOf: () => undefined, limit: USUAL_REPLY }
  const { headers = [], ...response } = keyResponse(site, '', refusal, json)
  return {
    ...response,
    status,
    headers: status === 405 ? ['Allow: GET, HEAD', ...headers] : headers,
  }
}

/** What stands before every route: the method and the form of the target. */
export function checkRequest({ method, target }: HttpRequest): HttpFault | { path: string } {
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, reason: 'GET and HEAD are the methods' }
  return splitTarget(target) ?? { status: 400, reason: 'no path in the request' }
}

/** The reply to the key that a path names; `/health` is `self`. */
export async function respondKey(
  site: KeySite,
  { json }: Pick<HttpRequest, 'json'>,
  path: string,
): Promise<HttpResponse> {
  const questions = decodePath(path === '/health' ? '/self' : path)
  const reply = fitting(await answerRequest(site.ask, questions), site.limit)
  return keyResponse(site, questions[0]?.key ?? '', reply, json)
}

function keyResponse(
  { unitOf, limit }: Omit<KeySite, 'ask'>,
  key: string,
  reply: Reply,
  json: boolean,
): HttpResponse {
  return {
    status: statusOf(reply),
    type: json ? JSON_TYPE : TEXT,
    body: json
      ? `${fromUnicode(encodeJson(key, reply, unitOf, limit))}\n`
      : encodeReply(key, reply, limit),
    headers: ['Vary: Accept'],
  }
}
