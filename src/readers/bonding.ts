import { ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** One member of a bond, and whether its link is up. */
export interface Member {
  readonly name: string
  readonly up: boolean
}

export const readBond = (system: System, name: string): Member[] =>
  parseBonding(system.net(`bonding/${name}`))

/** /proc/net/bonding/IFACE, Documentation/networking/bonding.rst. Throws ParseError. */
export function parseBonding(text: string): Member[] {
  const [head = '', ...members] = text.split(/^Slave Interface: /m)
  if (!/^MII Status: /m.test(head)) throw new ParseError('net/bonding', text)
  return members.map((section) => {
    const name = /^\S+/.exec(section)?.[0]
    const status = /^MII Status: (.+)$/m.exec(section)?.[1]
    if (name === undefined || status === undefined) throw new ParseError('net/bonding', section)
    return { name, up: status === 'up' }
  })
}
