import type { Check } from '../core/check.ts'
import { noSuchObject } from '../core/errors.ts'
import { readBond } from '../readers/bonding.ts'
import { type RaidArray, readMdstat } from '../readers/mdstat.ts'
import { nameOf } from './arguments.ts'

export const bond: Check = {
  key: 'bond',
  argument: '/IFACE',
  summary: 'members of a bond whose link is not up',
  run(system, argument) {
    const members = readBond(system, nameOf(argument, 'IFACE'))
    if (members.length === 0) throw noSuchObject(`${argument} has no members`)
    return {
      value: String(members.filter(({ up }) => !up).length),
      detail: members.map(({ name, up }) => (up ? name : `${name}:down`)).join(','),
    }
  },
}

/** Members that an array lacks; of one that does not run all. */
function failed({ state, members, faulty, working }: RaidArray): number {
  if (state === 'inactive') return Math.max(1, members.length)
  const missing = Math.max(faulty.length, working ? working.of - working.are : 0)
  return state === 'broken' ? Math.max(1, missing) : missing
}

/** `md0`, or what is wrong with it: `md0 active 1 of 2 sda1`. */
function told(array: RaidArray): string {
  const { name, state, faulty, working } = array
  if (failed(array) === 0) return name
  const count = working ? [`${working.are} of ${working.of}`] : []
  return [name, state, ...count, ...faulty].join(' ')
}

export const mdraid: Check = {
  key: 'mdraid',
  summary: 'failed or missing members of all md arrays',
  run(system) {
    const arrays = readMdstat(system)
    if (arrays.length === 0) throw noSuchObject('no md array')
    // Those in trouble first: a long detail may be cut.
    const worst = [...arrays].sort((a, b) => failed(b) - failed(a))
    return {
      value: String(arrays.reduce((sum, array) => sum + failed(array), 0)),
      detail: worst.map(told).join(', '),
    }
  },
}
