// check_remote_by_udp_multi: one packet, one active result, all others passive.
import { decodeRecords, encodeRequest, type Result } from '../codec/reply.ts'
import { fromUnicode } from '../core/bytes.ts'
import { type Option, parseArguments, spellOut, UsageError } from './argv.ts'
import { exchange } from './exchange.ts'
import { harmless, type State, UNKNOWN } from './nagios.ts'
import {
  askHost,
  COMMON,
  type Question,
  type Resolve,
  readLimits,
  readQuestion,
  remote,
  unanswered,
  type Verdict,
} from './question.ts'
import { judge, shownDetail, worse } from './remote.ts'
import { type Passive, toPipe, toSpool } from './submit.ts'

/** Where Debian's Nagios 4 has its command pipe. */
const PIPE = '/var/lib/nagios4/rw/nagios.cmd'

const limits = new Set(['warning', 'critical', 'low-warning', 'low-critical'])

/** Options that belong to one key; -k closes the group. */
const GROUP: readonly Option[] = [
  ...COMMON.filter(({ name }) => limits.has(name)),
  {
    letter: 's',
    name: 'service',
    value: 'NAME',
    summary: 'service of the next key (the key itself)',
  },
  {
    letter: 'k',
    name: 'key',
    value: 'KEY',
    summary: 'key of a record; the first one is the active result',
  },
]

export const OPTIONS: readonly Option[] = [
  { letter: 'I', name: 'address', value: 'HOST', summary: 'host to ask: address or name' },
  {
    letter: 'H',
    name: 'hostname',
    value: 'NAME',
    summary: 'its short name, in the request and for Nagios',
  },
  ...COMMON.filter(({ name }) => name !== 'hostname' && !limits.has(name)),
  ...GROUP.map((option) => ({ ...option, repeatable: true }) as const),
  { letter: 'O', name: 'only-problems', summary: 'submit no passive result that is OK' },
  { letter: 'D', name: 'debug', summary: 'print the passive results too' },
  { letter: 'L', name: 'link', summary: 'print the detail as a link from WARNING on' },
  { name: 'pipe', value: 'FILE', summary: `command pipe of Nagios (${PIPE})` },
  { name: 'spool', value: 'DIR', summary: 'leave the results in this spool directory instead' },
  { letter: 'h', name: 'help', summary: 'print this and exit 3' },
  { letter: 'V', name: 'version', summary: 'print the version and exit 3' },
]

/** A key with its thresholds, and the service that its result is for. */
interface Group {
  readonly key: string
  readonly service: string
  readonly limits: Question['limits']
}

/** Takes the groups out of a command line; the rest is for parseArguments. Throws UsageError. */
export function takeGroups(argv: readonly string[]): { groups: Group[]; rest: string[] } {
  const names = new Set(GROUP.map(({ name }) => `--${name}`))
  const groups: Group[] = []
  const rest: string[] = []
  let open: string[] = []
  const words = spellOut(OPTIONS, argv)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (!names.has(word)) {
      rest.push(word)
      continue
    }
    open.push(word, words[++i] ?? '')
    if (word !== '--key') continue
    const given = parseArguments(GROUP, open)
    const key = given.value('key') ?? ''
    groups.push({ key, service: given.value('service') ?? key, limits: readLimits(given) })
    open = []
  }
  if (open.length > 0) throw new UsageError('-k KEY is wanted behind the last thresholds')
  return { groups, rest }
}

/** A group's result as Nagios shall see it. */
interface Judged extends Verdict {
  readonly service: string
}

/** Runs check_remote_by_udp_multi. Throws UsageError. */
export async function checkRemoteByUdpMulti(
  argv: readonly string[],
  resolve: Resolve,
): Promise<Verdict> {
  const { groups, rest } = takeGroups(argv)
  const given = parseArguments(OPTIONS, rest)
  const shorthost = given.value('hostname')
  const [multi, ...more] = given.rest
  if (shorthost === undefined) throw new UsageError('-H NAME is wanted')
  if (groups.length === 0) throw new UsageError('-k KEY is wanted')
  if (multi === undefined || more.length > 0) throw new UsageError('one multi key is wanted')
  const question = readQuestion(given, given.value('address'), '-I')
  const end = performance.now() + question.deadline
  const request = `${multi}/${Math.floor(Date.now() / 1000)}/${shorthost}`
  const ended = await askHost(question, encodeRequest([fromUnicode(request)]), resolve, exchange)
  const records = ended.kind === 'reply' ? decodeRecords(ended.packet) : undefined
  const judged = groups.map((group): Judged => {
    if (ended.kind !== 'reply') return { ...unanswered(ended, question), service: group.service }
    return judgeGroup(group, records?.get(fromUnicode(group.key)), question, given.has('link'))
  })
  const [active, ...others] = judged as [Judged, ...Judged[]]
  const passive = others.filter(({ state }) => state !== 0 || !given.has('only-problems'))
  const results = passive.map(
    ({ service, ...verdict }): Passive => ({ host: shorthost, service, ...remote(verdict) }),
  )
  const failed = await submit(
    results,
    { pipe: given.value('pipe') ?? PIPE, spool: given.value('spool') },
    end,
  )
  const debug = given.has('debug')
    ? results.map(({ service, text }) => `\n${service}: ${text.replace('|', '/')}`)
    : []
  const verdict = remote(failed === undefined ? active : complain(active, failed))
  return { ...verdict, text: verdict.text + debug.join('') }
}

function judgeGroup(
  { key, service, limits }: Group,
  result: Result | undefined,
  question: Question,
  link: boolean,
): Judged {
  const bytes = fromUnicode(key)
  if (!result) return { state: UNKNOWN, text: `no record ${harmless(bytes)} in the reply`, service }
  const part = judge(bytes, result, { ...question, limits })
  const text = part.text + shownDetail(part, 1, link, question)
  return { state: part.state, text: part.data ? `${text} | ${part.data}` : text, service }
}

/** Hands the results over; returns what went wrong, if it did. */
async function submit(
  results: readonly Passive[],
  { pipe, spool }: { pipe: string; spool: string | undefined },
  end: number,
): Promise<string | undefined> {
  if (results.length === 0) return undefined
  try {
    if (spool === undefined) await toPipe(pipe, results, end)
    else toSpool(spool, results)
    return undefined
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENXIO') return `nobody reads ${pipe}`
    return message
  }
}

const complain = ({ state, text }: Verdict, failed: string): Verdict => {
  const [said, data] = text.split(' | ')
  const complaint = `${said}, passive results not submitted: ${harmless(fromUnicode(failed))}`
  return {
    state: worse(state, UNKNOWN) as State,
    text: data ? `${complaint} | ${data}` : complaint,
  }
}
