// What check_remote_by_udp and check_remote_by_http share: all but the way the question goes.
import { encodePath } from '../codec/http.ts'
import { decodeRecords, decodeReply, encodeRequest, type Result } from '../codec/reply.ts'
import { fromUnicode } from '../core/bytes.ts'
import { parseDecimal } from '../core/decimal.ts'
import { type Arguments, type Option, UsageError } from './argv.ts'
import type { Exchange } from './exchange.ts'
import { harmless, perfdata, type State, stateOf, UNKNOWN } from './nagios.ts'
import {
  askHost,
  COMMON,
  type Question,
  type Resolve,
  readQuestion,
  remote,
  unanswered,
  type Verdict,
} from './question.ts'

/** Options of both. */
export const OPTIONS: readonly Option[] = [
  ...COMMON,
  {
    letter: 'A',
    name: 'additional',
    value: 'N',
    summary: 'print the detail from state N on, 0 to 4 (1: WARNING)',
  },
  { letter: 'L', name: 'link', summary: 'print the detail as a link' },
  { letter: 'v', name: 'verbose', summary: 'round trip and retries as performance data' },
  { letter: 'h', name: 'help', summary: 'print this and exit 3' },
  { letter: 'V', name: 'version', summary: 'print the version and exit 3' },
]

/** How a question goes to a host. */
export interface Way {
  /** What its ports are called. */
  readonly port: 'UDP port' | 'TCP port'
  /** Of the link that -L shows. */
  readonly scheme?: 'https' | undefined
  exchange(question: Question): Exchange
}

/** Asks for the keys of a command line. Throws UsageError. */
export async function checkRemote(given: Arguments, resolve: Resolve, way: Way): Promise<Verdict> {
  const question = readQuestion(given)
  const level = given.value('additional') ?? '1'
  if (!/^[0-4]$/.test(level)) throw new UsageError(`-A "${level}" is none of 0 to 4`)
  const keys = given.rest.map(fromUnicode)
  if (keys.length === 0) throw new UsageError('a key is wanted')
  const request = encodeRequest(keys)
  if (request.length > 512) throw new UsageError('the keys take more than 512 bytes')
  const ended = await askHost(question, request, resolve, way.exchange(question))
  if (ended.kind !== 'reply') return remote(unanswered(ended, question, way.port))
  const results = keys.map((key) => ({ key, result: resultOf(ended.packet, keys, key) }))
  const parts = results.map(({ key, result }) => judge(key, result, question))
  const state = parts.reduce<State>((worst, part) => worse(worst, part.state), 0)
  const shown = parts.map(
    (part) => part.text + shownDetail(part, Number(level), given.has('link'), question, way.scheme),
  )
  const text =
    parts.length === 1
      ? shown[0]
      : parts.map(({ key }, i) => `${harmless(key)} ${shown[i]}`).join(', ')
  const trip = given.has('verbose')
    ? [`rtt=${(ended.trip / 1000).toFixed(6)}s`, `retries=${ended.retries}`]
    : []
  const data = [...parts.map(({ data }) => data).filter((item) => item !== ''), ...trip].join(' ')
  return remote({ state, text: `${text}${data && ` | ${data}`}` })
}

const resultOf = (packet: Buffer, keys: readonly string[], key: string): Result | undefined =>
  keys.length === 1 ? decodeReply(packet) : decodeRecords(packet).get(key)

/** CRITICAL is worse than UNKNOWN, UNKNOWN worse than WARNING. */
export const worse = (a: State, b: State): State => {
  const rank = [0, 1, 3, 2]
  return (rank[b] ?? 0) > (rank[a] ?? 0) ? b : a
}

/** What one key is worth. */
export interface Part extends Verdict {
  readonly key: string
  readonly data: string
  readonly detail: string
}

/** What a result is worth under the question's limits. */
export function judge(
  key: string,
  result: Result | undefined,
  { limits, unit }: Pick<Question, 'limits' | 'unit'>,
): Part {
  const unknown = (text: string): Part => ({ key, state: UNKNOWN, text, data: '', detail: '' })
  if (!result) return unknown('an empty reply')
  if (result.error !== undefined) return unknown(harmless(result.error))
  const value = parseDecimal(result.value)
  if (!value) return unknown(`no number in the reply: ${harmless(result.value)}`)
  return {
    key,
    state: stateOf(value, limits),
    text: result.value + harmless(fromUnicode(unit)),
    data: perfdata(key, result.value, limits, unit),
    detail: harmless(result.detail),
  }
}

/** The additional data, from the state on that -A names. */
export function shownDetail(
  { state, key, detail }: Part,
  level: number,
  link: boolean,
  { host, port }: Question,
  scheme = 'http',
): string {
  if (detail === '' || state < level) return ''
  const html = (text: string): string =>
    text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  const name = host.includes(':') ? `[${host}]` : host
  return link
    ? ` <a href="${html(`${scheme}://${name}:${port}${encodePath(key)}`)}">${html(detail)}</a>`
    : ` ${detail}`
}
