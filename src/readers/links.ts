import { cannotAnswerNow, codeOf } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { parseNetDev } from './netdev.ts'

/** What a network interface is, from /proc/net/dev and /sys/class/net/NAME. */
export interface Interface {
  readonly name: string
  readonly index: number
  /** Whether a device stands behind it. */
  readonly physical: boolean
  /** Paths below /sys, put together once. */
  readonly files: { readonly flags: string; readonly carrier: string }
}

/** An interface and its state. */
export interface Link extends Interface {
  /** IFF_UP, netdevice(7): the administrator wants it up. */
  readonly up: boolean
  readonly carrier: boolean
}

interface Known {
  readonly names: string
  readonly interfaces: readonly Interface[]
}

const IFF_UP = 1

/** All interfaces by index, looked for once a sample, and looked at once their names have changed. */
export const readInterfaces = (system: System): readonly Interface[] =>
  system.history.perSample<Known>('interfaces', (before) => {
    const found = parseNetDev(system.net('dev')).map(({ name }) => name)
    const names = found.join('/')
    if (before?.names === names) return before
    const interfaces = found.flatMap((name) => whereThere(() => identify(system, name)))
    if (interfaces.length === 0) throw cannotAnswerNow('no interface in /sys/class/net')
    return { names, interfaces: interfaces.sort((a, b) => a.index - b.index) }
  }).interfaces

/** The interfaces and their state now. One that goes while they are read is left out. */
export const readLinks = (system: System): Link[] =>
  readInterfaces(system).flatMap((known) => whereThere(() => look(system, known)))

/** One of them and its state now; undefined where there is none of that name. */
export function readLink(system: System, name: string): Link | undefined {
  const known = readInterfaces(system).find((one) => one.name === name)
  return known && whereThere(() => look(system, known))[0]
}

function identify(system: System, name: string): Interface {
  const directory = `class/net/${name}`
  const index = Number(system.sysfs(`${directory}/ifindex`))
  const physical = system.sysfsHas(`${directory}/device`)
  const files = { flags: `${directory}/flags`, carrier: `${directory}/carrier` }
  return { name, index, physical, files }
}

function look(system: System, known: Interface): Link {
  const up = (Number(system.sysfs(known.files.flags)) & IFF_UP) !== 0
  return { ...known, up, carrier: up && system.sysfs(known.files.carrier).startsWith('1') }
}

function whereThere<T>(read: () => T): T[] {
  try {
    return [read()]
  } catch (error) {
    if (GONE.has(codeOf(error) ?? '')) return []
    throw error
  }
}

/** The interface was removed, or set down: only one that is up has carrier to tell of. */
const GONE = new Set(['ENOENT', 'ENODEV', 'EINVAL'])
