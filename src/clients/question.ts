// What every client of knoerred asks, how it asks, and what it says when no answer comes.
import { toUnicode } from '../core/bytes.ts'
import { type Arguments, type Option, UsageError } from './argv.ts'
import { type Ended, type Exchange, familyOf } from './exchange.ts'
import { harmless, type Limits, STATES, type State, threshold, UNKNOWN } from './nagios.ts'

/** Options that every client of knoerred has. */
export const COMMON: readonly Option[] = [
  { letter: 'H', name: 'hostname', value: 'HOST', summary: 'host to ask: address or name' },
  { letter: 'p', name: 'port', value: 'PORT', summary: 'UDP port' },
  {
    letter: 'w',
    name: 'warning',
    value: 'RANGE',
    summary: 'WARNING above this number, or outside this range',
  },
  {
    letter: 'c',
    name: 'critical',
    value: 'RANGE',
    summary: 'CRITICAL above this number, or outside this range',
  },
  { letter: 'W', name: 'low-warning', value: 'NUMBER', summary: 'WARNING below this number' },
  { letter: 'C', name: 'low-critical', value: 'NUMBER', summary: 'CRITICAL below this number' },
  { letter: 't', name: 'timeout', value: 'SECONDS', summary: 'deadline for all of it (10)' },
  {
    letter: 'T',
    name: 'timeout-state',
    value: 'STATE',
    summary: 'O, W or C: the state of a time-out (UNKNOWN)',
  },
  { letter: 'u', name: 'unit', value: 'UNIT', summary: 'unit that is printed behind the value' },
]

/** One line for Nagios, and the exit code. */
export interface Verdict {
  readonly state: State
  readonly text: string
}

/** The address of a name, within so many milliseconds. */
export type Resolve = (name: string, milliseconds: number) => Promise<string>

export interface Question {
  readonly host: string
  readonly port: number
  readonly limits: Limits
  /** Milliseconds. */
  readonly deadline: number
  readonly timeoutState: State
  readonly unit: string
}

/** The options that every client has. Throws UsageError. */
export function readQuestion(
  given: Arguments,
  host: string | undefined = given.value('hostname'),
  letter = '-H',
): Question {
  const port = given.value('port')
  if (host === undefined) throw new UsageError(`${letter} HOST is wanted`)
  if (port === undefined) throw new UsageError('-p PORT is wanted')
  const seconds = given.value('timeout') ?? '10'
  if (!/^\d{1,4}(\.\d+)?$/.test(seconds) || Number(seconds) <= 0)
    throw new UsageError(`-t "${seconds}" is no number of seconds`)
  const state = given.value('timeout-state') ?? 'U'
  if (!/^[OWCU]$/.test(state)) throw new UsageError(`-T "${state}" is none of O, W, C`)
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    throw new UsageError(`-p "${port}" is no port`)
  return {
    host,
    port: Number(port),
    limits: readLimits(given),
    deadline: Number(seconds) * 1000,
    timeoutState: 'OWCU'.indexOf(state) as State,
    unit: given.value('unit') ?? '',
  }
}

/** The four thresholds of one key. Throws UsageError. */
export function readLimits(given: Arguments): Limits {
  const entries = [
    ['warning', threshold('-w', given.value('warning'), 'above')],
    ['critical', threshold('-c', given.value('critical'), 'above')],
    ['lowWarning', threshold('-W', given.value('low-warning'), 'below')],
    ['lowCritical', threshold('-C', given.value('low-critical'), 'below')],
  ] as const
  return Object.fromEntries(entries.filter(([, limit]) => limit !== undefined))
}

/** One exchange under one deadline: resolving, asking, asking again. */
export async function askHost(
  { host, port, deadline }: Question,
  request: string,
  resolve: Resolve,
  exchange: Exchange,
): Promise<Ended> {
  const end = performance.now() + deadline
  let address = host
  if (familyOf(host) === 0) {
    const late = new Promise<undefined>((done) => setTimeout(done, deadline, undefined).unref())
    const found = await Promise.race([resolve(host, deadline).catch(() => ''), late])
    if (found === undefined) return { kind: 'silence', retries: 0 }
    if (found === '') return { kind: 'failed', reason: `unable to resolve ${host}` }
    address = found
  }
  return exchange(address, port, request, Math.max(1, end - performance.now()))
}

/** What went wrong, if no reply came; its state. */
export function unanswered(
  ended: Exclude<Ended, { kind: 'reply' }>,
  question: Question,
  ports = 'UDP port',
): Verdict {
  const { host, port, deadline, timeoutState } = question
  if (ended.kind === 'refused')
    return {
      state: UNKNOWN,
      text: `connection refused: nothing listens on ${ports} ${port} of ${host}`,
    }
  if (ended.kind === 'failed') return { state: UNKNOWN, text: harmless(ended.reason) }
  const times = ended.retries === 0 ? 'once' : `${ended.retries + 1} times`
  return {
    state: timeoutState,
    text: `no answer from ${host} within ${deadline / 1000} seconds, asked ${times}`,
  }
}

/** A verdict as all these plugins begin it. */
export const remote = ({ state, text }: Verdict): Verdict => ({
  state,
  text: toUnicode(`REMOTE ${STATES[state]} - ${text}`),
})
