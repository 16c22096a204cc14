import { UsageError } from '../clients/argv.ts'
import { stateOf, threshold } from '../clients/nagios.ts'
import { readMeminfo } from '../readers/meminfo.ts'
import { CRITICAL, type Named, said, USUAL, WARNING } from './named.ts'

export const checkMem: Named = {
  name: 'check_mem',
  synopsis: '[-u | -f] -w percent -c percent',
  options: [
    { ...WARNING, value: 'PERCENT', summary: 'WARNING above it, with -f below it' },
    { ...CRITICAL, value: 'PERCENT', summary: 'CRITICAL above it, with -f below it' },
    { letter: 'u', name: 'used', summary: 'judge what is in use (it does)' },
    { letter: 'f', name: 'free', summary: 'judge what is available' },
    {
      letter: 'C',
      name: 'cache',
      summary: 'taken: caches that can be given back count as available',
    },
    ...USUAL,
  ],
  run(given, { system }) {
    const free = given.has('free')
    const plain = free ? 'below' : 'above'
    const strip = (text: string | undefined): string | undefined => text?.replace(/%$/, '')
    const warning = threshold('-w', strip(given.value('warning')), plain)
    const critical = threshold('-c', strip(given.value('critical')), plain)
    if (!warning || !critical) throw new UsageError('-w PERCENT and -c PERCENT are wanted')
    const { total, available } = readMeminfo(system)
    const used = Math.round(((total - available) * 100) / total)
    const judged = free ? 100 - used : used
    const state = stateOf({ digits: BigInt(judged), places: 0 }, { warning, critical })
    const mib = (kib: number): number => Math.round(kib / 1024)
    const text = `${used}% used, ${mib(available)}MB of ${mib(total)}MB available`
    const least = free ? ':' : ''
    const data = `${free ? 'available' : 'used'}=${judged}%;${warning.text}${least};${critical.text}${least};0;100`
    return said('MEM', state, text, data)
  },
}
