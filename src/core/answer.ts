import { runAged } from './aged.ts'
import type { Ask, Desk, Outcome, Question, Records, Refusal, Reply } from './check.ts'
import { isRecords, isRefusal } from './check.ts'
import { codeOf, kindOf, Refused } from './errors.ts'
import { LastGood } from './lastgood.ts'
import type { Registry } from './registry.ts'
import { find } from './registry.ts'
import type { Sets } from './sets.ts'
import type { System } from './system.ts'

export type { Ask } from './check.ts'

/** Slow questions under way at once, over all doors; identical ones count once. */
export const MOST_PENDING = 256

/** What a thrown value means to the one who asked. */
export function refusal(error: unknown): Refusal {
  if (error instanceof Refused) return { kind: error.kind, reason: error.message }
  const code = codeOf(error)
  if (code === undefined)
    return { kind: 'cannot answer now', reason: 'internal error', fault: error }
  return { kind: kindOf(code), reason: code === 'EPARSE' ? (error as Error).message : code }
}

/** The one catch on the request path: what `run` throws becomes a refusal. */
export function attempt<T extends object>(
  run: () => T | Promise<T>,
): T | Refusal | Promise<T | Refusal> {
  try {
    const result = run()
    return result instanceof Promise ? result.catch(refusal) : result
  } catch (error) {
    return refusal(error)
  }
}

/**
 * Makes the function that doors ask. A check that is not done by the system's deadline is answered
 * for; identical questions that are under way share one answer. `onFault` hears of our own faults.
 */
export function answerer(
  checks: Registry,
  system: System,
  onFault: (key: string, fault: unknown) => void,
  sets: Sets = new Map(),
): Ask {
  const pending = new Map<string, Promise<Reply>>()
  const lastGood = new LastGood()
  const ask: Ask = ({ key, fault }) => {
    if (fault !== undefined) return { kind: 'bad request', reason: fault }
    const shared = pending.size === 0 ? undefined : pending.get(key)
    if (shared !== undefined) return shared
    const reply = attempt<Reply>(() => {
      const { check, argument } = find(checks, key)
      if (check.slow && pending.size >= MOST_PENDING) return busy
      return runAged(check, system, argument, desk)
    })
    const told = (found: Reply): Reply => {
      eachFault(found, (fault) => onFault(key, fault))
      return found
    }
    if (!(reply instanceof Promise)) return told(reply)
    const limited = withDeadline(reply.then(told), system.deadline)
      .then((settled) => lastGood.remember(key, settled))
      .finally(() => pending.delete(key))
    pending.set(key, limited)
    return limited
  }
  const desk: Desk = { ask, sets }
  return ask
}

/** Calls `tell` with each fault of ours that a reply holds. */
function eachFault(reply: Reply, tell: (fault: unknown) => void): void {
  if (isRecords(reply)) {
    for (const record of reply.records) if ('outcome' in record) eachFault(record.outcome, tell)
  } else if (isRefusal(reply) && reply.fault !== undefined) tell(reply.fault)
}

const busy: Refusal = {
  kind: 'cannot answer now',
  reason: `${MOST_PENDING} questions are under way`,
}

function withDeadline(reply: Promise<Reply>, milliseconds: number): Promise<Reply> {
  return new Promise((resolve) => {
    const late = {
      kind: 'cannot answer now',
      reason: `no answer within ${milliseconds} ms`,
    } as const
    const timer = setTimeout(resolve, milliseconds, late)
    void reply.then((inTime) => {
      clearTimeout(timer)
      resolve(inTime)
    })
  })
}

/** The reply to a request: that of its one question, or the replies to all of them. */
export function answerRequest(ask: Ask, questions: readonly Question[]): Reply | Promise<Reply> {
  const [first] = questions
  return questions.length === 1 && first ? ask(first) : answerAll(ask, questions)
}

/** Puts the replies to several keys together, in the order asked. A repeated key is asked once. */
export function answerAll(ask: Ask, questions: readonly Question[]): Records | Promise<Records> {
  const asked = new Map<string, Reply | Promise<Reply>>()
  const replies = questions.map((question) => {
    if (question.fault !== undefined) return ask(question)
    const reply = asked.get(question.key) ?? ask(question)
    asked.set(question.key, reply)
    return reply
  })
  if (replies.some((reply) => reply instanceof Promise))
    return Promise.all(replies).then((settled) => together(questions, settled))
  return together(questions, replies as Reply[])
}

function together(questions: readonly Question[], replies: readonly Reply[]): Records {
  const records = replies.flatMap((reply, i) =>
    isRecords(reply)
      ? reply.records
      : [{ key: questions[i]?.key ?? '', outcome: withoutFault(reply) }],
  )
  return { records }
}

/** Whoever was asked has told of it already. */
function withoutFault(outcome: Outcome): Outcome {
  if (!isRefusal(outcome) || outcome.fault === undefined) return outcome
  const { kind, reason } = outcome
  return { kind, reason }
}
