import { UsageError } from '../clients/argv.ts'
import { stateOf, threshold } from '../clients/nagios.ts'
import { codeOf, noSuchObject } from '../core/errors.ts'
import { readSessions } from '../readers/utmp.ts'
import { CRITICAL, type Named, said, USUAL, WARNING } from './named.ts'

export const checkUsers: Named = {
  name: 'check_users',
  synopsis: '-w range -c range',
  options: [WARNING, CRITICAL, ...USUAL],
  async run(given, { system }) {
    const warning = threshold('-w', given.value('warning'), 'above')
    const critical = threshold('-c', given.value('critical'), 'above')
    if (!warning || !critical) throw new UsageError('-w RANGE and -c RANGE are wanted')
    const { length } = await readSessions(system).catch((error: unknown) => {
      throw codeOf(error) === 'ENOENT' ? noSuchObject('this host keeps no utmp') : error
    })
    const state = stateOf({ digits: BigInt(length), places: 0 }, { warning, critical })
    const data = `users=${length};${warning.text};${critical.text};0`
    return said('USERS', state, `${length} users currently logged in`, data)
  },
}
