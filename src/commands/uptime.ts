import { UsageError } from '../clients/argv.ts'
import { STATES, type State } from '../clients/nagios.ts'
import { readUptime } from '../readers/uptime.ts'
import { CRITICAL, type Named, USUAL, WARNING } from './named.ts'

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }
const RANGE = 'MAX or MIN:MAX'

interface Bounds {
  readonly low: number
  readonly high: number
}

/** `30m`, `10m:7d`: seconds, or a number with s, m, h, d or w. Throws UsageError. */
function bounds(option: string, text: string | undefined): Bounds {
  const seconds = (part: string): number => {
    const [, number, unit = 's'] = /^(\d{1,9})([smhdw]?)$/.exec(part) ?? []
    if (number === undefined) throw new UsageError(`${option} "${part}" is no time`)
    return Number(number) * (SECONDS[unit || 's'] as number)
  }
  if (text === undefined) throw new UsageError(`${option} ${RANGE} is wanted`)
  const [first = '', second] = text.split(':')
  return second === undefined
    ? { low: 0, high: seconds(first) }
    : {
        low: seconds(first || '0'),
        high: second === '' ? Number.MAX_SAFE_INTEGER : seconds(second),
      }
}

/** The upper end as performance data; nothing where there is none. */
const shown = ({ high }: Bounds): string => (high === Number.MAX_SAFE_INTEGER ? '' : String(high))

/** `2 weeks, 3 days and 4 hours`, in the steps of the plugin. */
function inWords(total: number): string {
  let rest = total
  const parts: string[] = []
  for (const [unit, seconds] of [
    ['week', 604_800],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const) {
    const count = Math.floor(rest / seconds)
    rest -= count * seconds
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`)
  }
  const last = `${rest} second${rest === 1 ? '' : 's'}`
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`
}

/** `2026-11-21 07:45:00` in the time zone of the daemon, as uptime -s prints it. */
function date(milliseconds: number): string {
  const time = new Date(milliseconds)
  const two = (part: number): string => String(part).padStart(2, '0')
  const day = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(two).join('-')
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`
}

export const checkUptime: Named = {
  name: 'check_uptime',
  synopsis: '[-f] [-s] -w time -c time',
  options: [
    { ...WARNING, value: RANGE, summary: 'WARNING outside; seconds, or with s, m, h, d, w' },
    { ...CRITICAL, value: RANGE, summary: 'CRITICAL outside' },
    { letter: 'f', name: 'for', summary: 'say how long in words' },
    { letter: 's', name: 'since', summary: 'say since when' },
    ...USUAL,
  ],
  run(given, { system }) {
    const warning = bounds('-w', given.value('warning'))
    const critical = bounds('-c', given.value('critical'))
    const up = readUptime(system)
    const [state, exceeded]: [State, string] =
      up > critical.high
        ? [2, 'upper crit']
        : up < critical.low
          ? [2, 'lower crit']
          : up > warning.high
            ? [1, 'upper warn']
            : up < warning.low
              ? [1, 'lower warn']
              : [0, '']
    const parts = [
      `${STATES[state]}: uptime is ${up} seconds.`,
      exceeded && `Exceeds ${exceeded} threshold.`,
      given.has('for') && `Running for ${inWords(up)}.`,
      given.has('since') && `Running since ${date(system.now() - up * 1_000)}.`,
    ]
    const text = parts.filter((part) => part).join(' ')
    return { state, text: `${text} |uptime=${up}s;${shown(warning)};${shown(critical)};0` }
  },
}
