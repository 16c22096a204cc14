import { answerAll } from '../core/answer.ts'
import type { Check, Records } from '../core/check.ts'
import { badArgument, noSuchObject } from '../core/errors.ts'
import type { Sets } from '../core/sets.ts'
import { greeting } from './loadmulti.ts'

const known = (sets: Sets): string =>
  sets.size === 0 ? 'no --sets were given' : `the sets are ${[...sets.keys()].join(' ')}`

export const multi: Check = {
  key: 'multi',
  several: true,
  argument: '/NAME[/EPOCH[/SHORTHOST]]',
  summary: 'the keys of a set that the administrator named, in one packet',
  run(system, argument, desk) {
    const { ask, sets } = desk
    const [name = '', epoch = '', shorthost = '', ...rest] = argument.split('/')
    if (name === '' || rest.length > 0) throw badArgument('ask multi/NAME/EPOCH/SHORTHOST')
    const keys = sets.get(name)
    if (!keys) throw noSuchObject(known(sets))
    const first = greeting(system, desk, epoch, shorthost)
    const reply = ({ records }: Records): Records => ({ records: [...first, ...records] })
    const asked = answerAll(
      ask,
      keys.map((key) => ({ key })),
    )
    return asked instanceof Promise ? asked.then(reply) : reply(asked)
  },
}
