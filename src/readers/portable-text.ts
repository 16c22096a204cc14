// Samples in the words of the files that the parsers of /proc know: so all checks are the same.
import { noSuchObject } from '../core/errors.ts'
import type { Samples } from './portable-gather.ts'

export function loadavgText({ averages }: Samples['load']): string {
  if (!averages) throw noSuchObject('this system has no load average')
  return `${averages.map((load) => load.toFixed(2)).join(' ')} -\n`
}

const kib = (bytes: number): number => Math.round(bytes / 1024)

export const meminfoText = ({ total, available }: Samples['memory']): string =>
  `MemTotal: ${kib(total)} kB\nMemAvailable: ${kib(available)} kB\n`

export function swapsText({ swap }: Samples['memory']): string {
  if (!swap) throw noSuchObject('no swap space is told')
  const { size, used } = swap
  const line = size > 0 ? `all partition ${kib(size)} ${kib(used)} -1\n` : ''
  return `Filename Type Size Used Priority\n${line}`
}

/** Columns that nobody is told are 0; no check reads them. */
export function netDevText({ links }: Samples['counters']): string {
  if (!links) throw noSuchObject('traffic is not told on this system')
  const lines = links.flatMap(({ name, counters }) =>
    counters && !/\s/.test(name)
      ? `${name}: ${counters.rx} 0 ${counters.errors} ${counters.drops} 0 0 0 0 ${counters.tx} 0 0 0 0 0 0 0\n`
      : [],
  )
  return `Inter-| Receive | Transmit\n face |bytes |bytes\n${lines.join('')}`
}

/** Counters for the history, in its words. */
export function series({ cpu, links }: Samples['counters']): [string, number][] {
  const traffic = (links ?? []).flatMap(({ name, counters }): [string, number][] =>
    counters
      ? [
          [`net/${name}/rx`, counters.rx],
          [`net/${name}/tx`, counters.tx],
          [`net/${name}/errors`, counters.errors],
          [`net/${name}/drops`, counters.drops],
        ]
      : [],
  )
  return [
    ['stat', 0],
    ['stat/user', cpu.user],
    ['stat/nice', cpu.nice],
    ['stat/system', cpu.sys],
    ['stat/idle', cpu.idle],
    ['stat/irq', cpu.irq],
    // Parts of what is system time and stolen time elsewhere; node:os does not tell them apart.
    ['stat/softirq', 0],
    ['stat/steal', 0],
    ...(links ? [['net/dev', 0] as [string, number]] : []),
    ...traffic,
  ]
}

/** Processes, where Linux counts tasks. */
export function statText(processes: Samples['processes']): string {
  if (processes.some(({ state }) => state === undefined))
    throw noSuchObject('processes have no such state here')
  const count = (wanted: string): number => processes.filter(({ state }) => state === wanted).length
  return `procs_running ${count('R')}\nprocs_blocked ${count('D')}\n`
}
