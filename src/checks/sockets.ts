import type { Check } from '../core/check.ts'
import { badArgument, noSuchObject } from '../core/errors.ts'
import { readConntrack } from '../readers/conntrack.ts'
import { readSockstat, type Sockets } from '../readers/sockstat.ts'
import { percent } from './percent.ts'

type Protocols = ReadonlyMap<string, Sockets>

const field = (found: Protocols, protocol: string, name: string): number =>
  found.get(protocol)?.[name] ?? 0

/** What of sockstat each kind is; all are sums that the kernel keeps. */
const KINDS: Readonly<Record<string, (found: Protocols) => number>> = {
  '': (found) => field(found, 'sockets', 'used'),
  tcp: (found) => field(found, 'TCP', 'inuse') + field(found, 'TCP6', 'inuse'),
  timewait: (found) => field(found, 'TCP', 'tw'),
}

const SHOWN = ['inuse', 'orphan', 'tw', 'alloc']

export const sockets: Check = {
  key: 'sockets',
  argument: '[/KIND]',
  summary: 'sockets in use; /tcp those of TCP, /timewait those that wait out their time',
  run(system, argument) {
    const pick = Object.hasOwn(KINDS, argument) ? KINDS[argument] : undefined
    if (!pick) throw badArgument('ask sockets, sockets/tcp or sockets/timewait')
    const found = readSockstat(system)
    const tcp = SHOWN.map((name) => `${name}=${field(found, 'TCP', name)}`).join(' ')
    const six = found.has('TCP6') ? ` inuse6=${field(found, 'TCP6', 'inuse')}` : ''
    return {
      value: String(pick(found)),
      detail: `used=${field(found, 'sockets', 'used')} tcp ${tcp}${six}`,
    }
  },
}

export const conntrack: Check = {
  key: 'conntrack',
  unit: '%',
  summary: 'percent of the connections that the packet filter can keep track of',
  run(system) {
    const { count, most } = readConntrack(system)
    if (most === 0) throw noSuchObject('it is not limited')
    return { value: String(percent(count, most)), detail: `${count} of ${most}` }
  },
}
