import { UsageError } from '../clients/argv.ts'
import type { State } from '../clients/nagios.ts'
import { readLoadavg } from '../readers/loadavg.ts'
import { CRITICAL, type Named, said, USUAL, WARNING } from './named.ts'

const LOADS = 'LOAD1,LOAD5,LOAD15'

/** Three limits; those that are missing are the last one again. Throws UsageError. */
function limits(option: string, text: string | undefined): number[] {
  if (text === undefined) throw new UsageError(`${option} ${LOADS} is wanted`)
  const parts = text.split(',')
  if (parts.length > 3 || parts.some((part) => !/^(\d+\.?\d*|\.\d+)$/.test(part)))
    throw new UsageError(`${option} "${text}" is not ${LOADS}`)
  return [0, 1, 2].map((i) => Number(parts[i] ?? parts.at(-1)))
}

/** CPUs that run, proc(5). */
const cpus = (stat: string): number => Math.max(1, stat.match(/^cpu\d+ /gm)?.length ?? 1)

export const checkLoad: Named = {
  name: 'check_load',
  synopsis: `[-r] -w ${LOADS} -c ${LOADS}`,
  options: [
    { ...WARNING, value: LOADS, summary: 'WARNING above these' },
    { ...CRITICAL, value: LOADS, summary: 'CRITICAL above these' },
    { letter: 'r', name: 'percpu', summary: 'divide the loads by the number of CPUs' },
    { letter: 'n', name: 'procs-to-show', value: 'N', summary: 'taken, and not followed' },
    ...USUAL,
  ],
  run(given, { system }) {
    const warning = limits('-w', given.value('warning'))
    const critical = limits('-c', given.value('critical'))
    const { one, five, fifteen } = readLoadavg(system)
    const loads = [one, five, fifteen]
    const scale = given.has('percpu') ? cpus(system.proc('stat')) : 1
    const values = loads.map((load) => Number(load) / scale)
    const above = (limit: readonly number[]): boolean =>
      values.some((value, i) => value > (limit[i] as number))
    const state: State = above(critical) ? 2 : above(warning) ? 1 : 0
    const total = `total load average: ${loads.join(', ')}`
    const scaled = values.map((value) => value.toFixed(2)).join(', ')
    const text = given.has('percpu') ? `scaled load average: ${scaled} - ${total}` : total
    const data = [1, 5, 15].flatMap((minutes, i) => {
      const range = `${warning[i]?.toFixed(3)};${critical[i]?.toFixed(3)};0;`
      const raw = Number(loads[i]).toFixed(3)
      if (!given.has('percpu')) return [`load${minutes}=${raw};${range}`]
      return [
        `load${minutes}=${raw};;;0;`,
        `scaled_load${minutes}=${values[i]?.toFixed(3)};${range}`,
      ]
    })
    return said('LOAD', state, text, data.join(' '))
  },
}
