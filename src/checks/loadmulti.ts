import { runAged } from '../core/aged.ts'
import { attempt } from '../core/answer.ts'
import type { Check, Desk, Entry, Outcome, Raw, Records } from '../core/check.ts'
import { isRefusal } from '../core/check.ts'
import { badArgument } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { cpuI, cpus, cpuu, cpuw, ctxt } from './cpu.ts'
import { diskinodes, diskusage } from './disk.ts'
import { hostname, timediff } from './host.ts'
import { load1, load5, load15, proccount } from './load.ts'
import { swaps } from './memory.ts'
import { netlinksdown, nettraf0, nettraf1 } from './net.ts'

/** Bytes of the multiresults file that go into a reply. */
const MULTIRESULTS = 966

/** One record: the check, the key as it stands in the packet, and what becomes of its detail. */
interface Row {
  readonly check: Check
  readonly key?: string
  /** The detail is left out, as the original does. */
  readonly bare?: true
  readonly below?: true
  /** The value where the object does not exist. */
  readonly absent?: string
  /** It is looked at once a sample: what it tells changes slowly, or with the samples. */
  readonly sampled?: true
}

/** The seventeen records, in the original's order: these two where they are asked for ... */
const GREETING: readonly Row[] = [{ check: hostname }, { check: timediff, bare: true }]

/** ... and these in any case. */
const ROWS: readonly Row[] = [
  { check: cpuu, sampled: true },
  { check: cpus, sampled: true },
  { check: cpuw, sampled: true },
  { check: cpuI, sampled: true },
  { check: ctxt, bare: true, sampled: true },
  { check: nettraf0, bare: true, absent: '0', sampled: true },
  { check: nettraf1, bare: true, absent: '0', sampled: true },
  { check: swaps, bare: true, sampled: true },
  { check: diskusage, key: 'diskusage/' },
  { check: diskinodes, key: 'diskinodes/' },
  { check: netlinksdown, sampled: true },
  { check: load5, bare: true },
  { check: load15, bare: true },
  { check: proccount, bare: true },
  { check: load1, below: true },
]

function entry({ check, key = check.key, bare, below, absent }: Row, outcome: Outcome): Entry {
  if (isRefusal(outcome)) {
    const value = outcome.kind === 'no such object' ? absent : undefined
    return { key, outcome: value === undefined ? outcome : { value } }
  }
  return { key, outcome: bare ? { value: outcome.value } : outcome, ...(below && { below }) }
}

/** Asks one row; none of them has records, and none asks another one. */
function ask(system: System, desk: Desk, row: Row, argument = ''): Entry | Promise<Entry> {
  const run = (): Outcome | Promise<Outcome> =>
    runAged(row.check, system, argument, desk) as Outcome | Promise<Outcome>
  const outcome = attempt<Outcome>(run)
  return outcome instanceof Promise
    ? outcome.then((settled) => entry(row, settled))
    : entry(row, outcome)
}

/** The records of SHORTHOST and EPOCH, as far as they are given; both are known at once. */
export function greeting(system: System, desk: Desk, epoch: string, shorthost: string): Entry[] {
  const given: Partial<Record<string, string>> = { hostname: shorthost, timediff: epoch }
  return GREETING.flatMap((row) => {
    const argument = given[row.check.key] ?? ''
    return argument === '' ? [] : [ask(system, desk, row, argument) as Entry]
  })
}

/** The rows that are looked at once a sample. */
const sampled = (system: System, desk: Desk): ReadonlyMap<Row, Entry> =>
  system.history.perSample(
    'loadmulti',
    () =>
      new Map(
        ROWS.filter((row) => row.sampled).map(
          (row) => [row, ask(system, desk, row) as Entry] as const,
        ),
      ),
  )

/** Records of another program, whole lines, each with its empty line if it has one. */
function multiresults(system: System): Raw[] {
  const text = system.multiresults(MULTIRESULTS)
  if (text === undefined) return []
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const records = whole.match(/[^\n]*\n\n?(?:[^\n]*\n)?/g) ?? []
  return records.map((raw) => ({ raw }))
}

export const loadmulti: Check = {
  key: 'loadmulti',
  several: true,
  argument: '[/EPOCH[/SHORTHOST]]',
  summary: 'seventeen keys in one packet, and the multiresults file',
  run(system, argument, desk) {
    const [epoch = '', shorthost = '', ...rest] = argument.split('/')
    if (rest.length > 0) throw badArgument('ask loadmulti/EPOCH/SHORTHOST')
    const first = greeting(system, desk, epoch, shorthost)
    const known = sampled(system, desk)
    const entries = system.atOnce(() => ROWS.map((row) => known.get(row) ?? ask(system, desk, row)))
    const reply = (settled: readonly Entry[]): Records => ({
      records: [...first, ...settled, ...multiresults(system)],
    })
    return entries.some((found) => found instanceof Promise)
      ? Promise.all(entries).then(reply)
      : reply(entries as Entry[])
  },
}
