// check_remote_by_udp_time: how far the clock of another host is from ours.
import { decodeReply, encodeRequest } from '../codec/reply.ts'
import { fromUnicode } from '../core/bytes.ts'
import type { Arguments } from './argv.ts'
import { exchange } from './exchange.ts'
import { harmless, perfdata, stateOf, UNKNOWN } from './nagios.ts'
import {
  askHost,
  type Resolve,
  readQuestion,
  remote,
  unanswered,
  type Verdict,
} from './question.ts'
import { OPTIONS as ALL } from './remote.ts'

/** Options of check_remote_by_udp_time: it has neither keys nor a detail. */
export const OPTIONS: typeof ALL = ALL.filter(
  ({ name }) => name !== 'additional' && name !== 'link',
)

/** Runs check_remote_by_udp_time with its command line read. Throws UsageError. */
export async function checkRemoteByUdpTime(given: Arguments, resolve: Resolve): Promise<Verdict> {
  const question = readQuestion(given)
  const epoch = Math.floor(Date.now() / 1000)
  const ended = await askHost(question, encodeRequest([`timediff/${epoch}`]), resolve, exchange)
  if (ended.kind !== 'reply') return remote(unanswered(ended, question))
  const result = decodeReply(ended.packet)
  if (!result) return remote({ state: UNKNOWN, text: 'an empty reply' })
  if (result.error !== undefined) return remote({ state: UNKNOWN, text: harmless(result.error) })
  if (!/^\d{1,15}$/.test(result.detail))
    return remote({ state: UNKNOWN, text: `no time in the reply: ${harmless(result.detail)}` })
  // The other clock was read when half of the round trip was over.
  const then = Math.floor((ended.at - ended.trip / 2) / 1000)
  const seconds = String(Math.abs(Number(result.detail) - then))
  const digits = { digits: BigInt(seconds), places: 0 }
  const trip = given.has('verbose')
    ? ` rtt=${(ended.trip / 1000).toFixed(6)}s retries=${ended.retries}`
    : ''
  return remote({
    state: stateOf(digits, question.limits),
    text:
      `${seconds}${harmless(fromUnicode(question.unit))}` +
      ` | ${perfdata('timediff', seconds, question.limits, question.unit)}${trip}`,
  })
}
