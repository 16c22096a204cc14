import { cannotAnswerNow, codeOf } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { parseNetDev } from './netdev.ts'

/** A network interface, from /proc/net/dev and /sys/class/net/NAME. */
export interface Link {
  readonly name: string
  readonly index: number
  /** IFF_UP, netdevice(7): the administrator wants it up. */
  readonly up: boolean
  readonly carrier: boolean
}

const IFF_UP = 1

const namesOf = (system: System): string[] => parseNetDev(system.net('dev')).map(({ name }) => name)

/** Interfaces with a device behind them, by index. One that goes while they are read is left out. */
export function readPhysical(system: System): string[] {
  const found = namesOf(system).flatMap((name) => {
    if (!system.sysfsHas(`class/net/${name}/device`)) return []
    const [index] = unlessGone(() => [Number(system.sysfs(`class/net/${name}/ifindex`))])
    return index === undefined ? [] : [{ name, index }]
  })
  return found.sort((a, b) => a.index - b.index).map(({ name }) => name)
}

/** All interfaces, by index. One that goes while they are read is left out. */
export function readLinks(system: System): Link[] {
  const links = namesOf(system).flatMap((name) => readLink(system, name))
  if (links.length === 0) throw cannotAnswerNow('no interface in /sys/class/net')
  return links.sort((a, b) => a.index - b.index)
}

function readLink(system: System, name: string): Link[] {
  const attribute = (file: string): string => system.sysfs(`class/net/${name}/${file}`)
  return unlessGone(() => {
    const index = Number(attribute('ifindex'))
    const up = (Number(attribute('flags')) & IFF_UP) !== 0
    const carrier = up && attribute('carrier').trim() === '1'
    return [{ name, index, up, carrier }]
  })
}

function unlessGone<T>(read: () => T[]): T[] {
  try {
    return read()
  } catch (error) {
    if (GONE.has(codeOf(error) ?? '')) return []
    throw error
  }
}

/** The interface was removed, or set down: only one that is up has carrier to tell of. */
const GONE = new Set(['ENOENT', 'ENODEV', 'EINVAL'])
