// `builtin load1 -w 7 -c 30 diskusage/ -w 80 -c 90`: keys of the daemon with thresholds.
import { type Option, parseArguments, spellOut, UsageError } from '../clients/argv.ts'
import { harmless, STATES, type State } from '../clients/nagios.ts'
import { COMMON, readLimits, type Verdict } from '../clients/question.ts'
import { judge, type Part, worse } from '../clients/remote.ts'
import { encodeReply } from '../codec/knoerre.ts'
import { decodeRecords, decodeReply } from '../codec/reply.ts'
import { isRecords, type Reply } from '../core/check.ts'
import { type Host, type Named, USUAL } from './named.ts'

const LIMITS = ['warning', 'critical', 'low-warning', 'low-critical', 'unit']

/** Options of keys: those before the first key are for all, those behind a key for it alone. */
const OPTIONS: readonly Option[] = COMMON.filter(({ name }) => LIMITS.includes(name))

/** A key with its own options, as words. */
interface Group {
  readonly key: string
  readonly options: string[]
}

/** Throws UsageError. */
function groups(words: readonly string[]): Group[] {
  const shared: string[] = []
  const found: Group[] = []
  const spelt = spellOut(OPTIONS, words)
  for (let i = 0; i < spelt.length; i++) {
    const word = spelt[i] as string
    const options = found.at(-1)?.options ?? shared
    if (!word.startsWith('--')) found.push({ key: word, options: [] })
    else if (word.includes('=')) options.push(word)
    else options.push(word, spelt[++i] ?? '')
  }
  if (found.length === 0) throw new UsageError('a key is wanted')
  return found.map(({ key, options }) => ({ key, options: merged(shared, options) }))
}

/** The shared options without those that the key has itself. */
function merged(shared: readonly string[], own: readonly string[]): string[] {
  const names = new Set(own.map((word) => word.split('=', 1)[0]))
  const kept: string[] = []
  for (let i = 0; i < shared.length; i += 2)
    if (!names.has(shared[i])) kept.push(shared[i] as string, shared[i + 1] as string)
  return [...kept, ...own]
}

/** More than any reply holds, so that nothing is cut. */
const UNBOUNDED = 1_000_000

/** Asks keys and says what they are worth. Throws UsageError. */
async function askKeys(words: readonly string[], { ask }: Host): Promise<Verdict> {
  const asked = groups(words).map(({ key, options }) => {
    const given = parseArguments(OPTIONS, options)
    return { key, question: { limits: readLimits(given), unit: given.value('unit') ?? '' } }
  })
  const replies = await Promise.all(asked.map(({ key }) => ask({ key })))
  const parts = asked.flatMap(({ key, question }, i) =>
    resultsOf(key, replies[i] as Reply).map((result) => judge(result.key, result.value, question)),
  )
  const state = parts.reduce<State>((worst, part) => worse(worst, part.state), 0)
  const text = parts.map((part) => shown(part)).join(', ')
  const data = parts.map((part) => part.data).filter((item) => item !== '')
  return {
    state,
    text: `${STATES[state]} - ${text}${data.length > 0 ? ` | ${data.join(' ')}` : ''}`,
  }
}

/** The results of a reply, as a client reads them: one, or one a record. */
function resultsOf(
  key: string,
  reply: Reply,
): { key: string; value: ReturnType<typeof decodeReply> }[] {
  const packet = Buffer.from(encodeReply(key, reply, UNBOUNDED), 'latin1')
  if (!isRecords(reply)) return [{ key, value: decodeReply(packet) }]
  return [...decodeRecords(packet)].map(([name, value]) => ({ key: name, value }))
}

const shown = ({ key, state, text, detail }: Part): string =>
  `${harmless(key)} ${text}${state > 0 && detail !== '' ? ` ${detail}` : ''}`

export const keys: Named = {
  name: 'builtin',
  synopsis: '[-w range] [-c range] key [-w range] [-c range] [key ...]',
  options: [...OPTIONS.map((option) => ({ ...option, repeatable: true }) as const), ...USUAL],
  run: (_, host, words) => askKeys(words, host),
}
