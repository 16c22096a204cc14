import type { Answer, Check } from '../core/check.ts'
import { badArgument, noSuchObject } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { readLinks } from '../readers/links.ts'
import { windowOf } from './arguments.ts'

/** Bytes a second of one interface. */
function traffic(system: System, name: string, seconds: number): Answer {
  const { history } = system
  const [rx, tx] = [`net/${name}/rx`, `net/${name}/tx`]
  if (history.has('net/dev') && !history.has(rx)) throw noSuchObject(`no interface ${name}`)
  const span = history.span([rx, tx], seconds)
  const rate = (series: string): number => history.growth(series, span) / span.seconds
  return {
    value: String(Math.round(rate(rx) + rate(tx))),
    detail: `${name} rx=${Math.round(rate(rx))} tx=${Math.round(rate(tx))}`,
  }
}

export const nettraf: Check = {
  key: 'nettraf',
  unit: 'B/s',
  argument: '/IFACE[/SECONDS]',
  summary: 'bytes a second of an interface, both ways',
  run(system, argument) {
    const [name = '', seconds = '', ...rest] = argument.split('/')
    if (name === '' || rest.length > 0)
      throw badArgument('ask nettraf/IFACE or nettraf/IFACE/SECONDS')
    return traffic(system, name, windowOf(seconds))
  },
}

/** ethN if there is one, else the Nth physical interface by index. */
function numbered(system: System, n: number): string | undefined {
  if (system.history.has(`net/eth${n}/rx`)) return `eth${n}`
  return readLinks(system).filter(({ physical }) => physical)[n]?.name
}

const nettrafN = (n: number): Check => ({
  key: `nettraf${n}`,
  unit: 'B/s',
  argument: '[/SECONDS]',
  summary: `nettraf of eth${n}, else of the physical interface number ${n}`,
  run(system, argument) {
    const name = numbered(system, n)
    if (name === undefined) throw noSuchObject(`no physical interface number ${n}`)
    return traffic(system, name, windowOf(argument))
  },
})

export const nettraf0: Check = nettrafN(0)
export const nettraf1: Check = nettrafN(1)

export const netlinksdown: Check = {
  key: 'netlinksdown',
  summary: 'interfaces that are administratively up but have no carrier',
  run(system) {
    const links = readLinks(system).filter(({ up }) => up)
    return {
      value: String(links.filter(({ carrier }) => !carrier).length),
      detail: links.map(({ name, carrier }) => (carrier ? name : `${name}:down`)).join(','),
    }
  },
}
