import { UsageError } from '../clients/argv.ts'
import type { State } from '../clients/nagios.ts'
import { readSwaps } from '../readers/swaps.ts'
import { type Least, least } from './limits.ts'
import { CRITICAL, type Named, said, USUAL, WARNING } from './named.ts'

const MIB = 2 ** 20
const FREE = 'N or N%'
const ABSENT = 'Swap is either disabled, not present, or of zero size.'
const STATE_NAMES = ['ok', 'warning', 'critical', 'unknown']

/** Bytes that a limit is of so much swap. */
const bytes = ({ value, percent }: Least, total: number): number =>
  Math.floor(percent ? (value * total) / 100 : value)

/** The state where there is no swap. Throws UsageError. */
function stateOfNone(text = 'critical'): State {
  const state = STATE_NAMES.indexOf(text.toLowerCase())
  if (state === -1 && !/^[0-3]$/.test(text)) throw new UsageError(`-n "${text}" is no state`)
  return (state === -1 ? Number(text) : state) as State
}

export const checkSwap: Named = {
  name: 'check_swap',
  synopsis: '[-n state] -w N[%] -c N[%]',
  options: [
    { ...WARNING, value: FREE, summary: 'WARNING with fewer bytes free, or a smaller part' },
    { ...CRITICAL, value: FREE, summary: 'CRITICAL with fewer bytes free, or a smaller part' },
    { letter: 'n', name: 'no-swap', value: 'STATE', summary: 'where there is none (critical)' },
    { letter: 'a', name: 'allswaps', summary: 'taken: all of them are one here' },
    ...USUAL,
  ],
  run(given, { system }) {
    const warning = least('-w', given.value('warning') ?? '0')
    const critical = least('-c', given.value('critical') ?? '0')
    const none = stateOfNone(given.value('no-swap'))
    if (given.value('warning') === undefined && given.value('critical') === undefined)
      throw new UsageError('-w N or -c N is wanted')
    const { size, used } = readSwaps(system)
    if (size === 0)
      return said('SWAP', none, `0% free (0MB out of 0MB) - ${ABSENT} `, 'swap=0B;0;0;0;0')
    const [total, free] = [size * 1024, (size - used) * 1024]
    const below = ({ value, percent }: Least): boolean =>
      free < (percent ? (value * total) / 100 : value)
    const state: State = below(critical) ? 2 : below(warning) ? 1 : 0
    const mib = (amount: number): string => `${Math.floor(amount / MIB)}MB`
    const text = `${Math.round((free * 100) / total)}% free (${mib(free)} out of ${mib(total)}) `
    const data = `swap=${free}B;${bytes(warning, total)};${bytes(critical, total)};0;${total}`
    return said('SWAP', state, text, data)
  },
}
