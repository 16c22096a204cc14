import { type Option, UsageError } from '../clients/argv.ts'
import { harmless, type Limits, STATES, type State, stateOf, threshold } from '../clients/nagios.ts'
import type { Verdict } from '../clients/question.ts'
import { parseDecimal } from '../core/decimal.ts'
import { filters } from './filters.ts'
import { CRITICAL, type Named, USUAL, WARNING } from './named.ts'
import { type Measured, measuredProcesses } from './processes.ts'

const OPTIONS: readonly Option[] = [
  WARNING,
  CRITICAL,
  {
    letter: 'm',
    name: 'metric',
    value: 'TYPE',
    summary: 'PROCS, VSZ, RSS, CPU or ELAPSED (PROCS)',
  },
  { letter: 's', name: 'state', value: 'FLAGS', summary: 'only in one of these states, as Z' },
  { letter: 'p', name: 'ppid', value: 'PID', summary: 'only children of this process' },
  { letter: 'z', name: 'vsz', value: 'KB', summary: 'only with so much virtual memory' },
  { letter: 'r', name: 'rss', value: 'KB', summary: 'only with so much memory' },
  { letter: 'P', name: 'pcpu', value: 'PERCENT', summary: 'only with so much CPU' },
  { letter: 'u', name: 'user', value: 'USER', summary: 'only of this user, name or id' },
  {
    letter: 'a',
    name: 'argument-array',
    value: 'TEXT',
    summary: 'only with this in the arguments',
  },
  { name: 'ereg-argument-array', value: 'PATTERN', summary: 'only with a match in the arguments' },
  { letter: 'C', name: 'command', value: 'NAME', summary: 'only of exactly this name' },
  { letter: 'k', name: 'no-kthreads', summary: 'no kernel threads' },
  { letter: 'T', name: 'traditional', summary: 'taken: this process is never counted' },
  ...USUAL,
]

const METRICS: Readonly<Record<string, (measured: Measured) => string>> = {
  VSZ: ({ vsz }) => String(vsz),
  RSS: ({ rss }) => String(rss),
  CPU: ({ pcpu }) => pcpu.toFixed(2),
  ELAPSED: ({ elapsed }) => String(elapsed),
}

/** Counts of the processes whose metric alarms. */
function byMetric(
  metric: string,
  found: readonly Measured[],
  limits: Limits,
  which: string,
): Verdict {
  const value = METRICS[metric]
  if (!value)
    throw new UsageError(`-m ${metric} is none of PROCS, ${Object.keys(METRICS).join(', ')}`)
  const states = found.map((one) =>
    stateOf(parseDecimal(value(one)) ?? { digits: 0n, places: 0 }, limits),
  )
  const count = (state: State): number => states.filter((one) => one === state).length
  const [warnings, criticals] = [count(1), count(2)]
  const state: State = criticals > 0 ? 2 : warnings > 0 ? 1 : 0
  const warned = `${warnings} warn out of `
  const many = criticals > 0 ? `${criticals} crit, ${warned}` : warnings > 0 ? warned : ''
  const text = `${metric} ${STATES[state]}: ${many}${found.length} processes${which}`
  const data = `procs=${found.length};;;0; procs_warn=${warnings};;;0; procs_crit=${criticals};;;0;`
  return { state, text: `${text} | ${data}` }
}

export const checkProcs: Named = {
  name: 'check_procs',
  synopsis: '-w range -c range [-m metric] [-s state] [-C command] [-a text] [-u user] ...',
  options: OPTIONS,
  async run(given, host) {
    const warning = threshold('-w', given.value('warning'), 'above')
    const critical = threshold('-c', given.value('critical'), 'above')
    const limits: Limits = { ...(warning && { warning }), ...(critical && { critical }) }
    const wanted = await filters(given, host)
    const found = (await measuredProcesses(host.system)).filter(
      (one) =>
        !(given.has('no-kthreads') && one.process.kernelThread) &&
        wanted.every(({ passes }) => passes(one)),
    )
    const said = harmless(wanted.map((filter) => filter.said).join(', '))
    const which = said && ` with ${said}`
    const metric = given.value('metric') ?? 'PROCS'
    if (metric !== 'PROCS') return byMetric(metric, found, limits, which)
    const state = stateOf({ digits: BigInt(found.length), places: 0 }, limits)
    const noun = found.length === 1 ? 'process' : 'processes'
    const data = `procs=${found.length};${warning?.text ?? ''};${critical?.text ?? ''};0;`
    return { state, text: `PROCS ${STATES[state]}: ${found.length} ${noun}${which} | ${data}` }
  },
}
