import type { Answer, Check } from '../core/check.ts'
import { badArgument, noSuchObject } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { readAttribute } from '../readers/attribute.ts'
import { readInterfaces, readLink, readLinks } from '../readers/links.ts'
import { windowOf } from './arguments.ts'
import { growth, hundredths, mustBeSampled, rateOf, whole } from './rate.ts'

/** Counters of an interface, looked for before they are rated. */
function seriesOf(system: System, name: string, fields: readonly string[]): string[] {
  const series = fields.map((field) => `net/${name}/${field}`)
  const read = (): unknown => system.net('dev')
  mustBeSampled(system, 'net/dev', read, series[0] as string, `no interface ${name}`)
  return series
}

/** Bytes a second of one interface. The seed's detail stands alone unless a window is asked for. */
function traffic(system: System, name: string, window: string): Answer {
  const { history } = system
  const series = seriesOf(system, name, ['rx', 'tx'])
  const { value, extremes, span } = rateOf(history, series, windowOf(window))
  const [rx, tx] = series.map((one) => whole(history.growth(one, span) / span.seconds))
  const seconds = window === '' ? '' : ` ${extremes()}`
  return { value, detail: `${name} rx=${rx} tx=${tx}${seconds}` }
}

/** `IFACE` or `IFACE/SECONDS`. */
function parse(key: string, argument: string): { name: string; window: string } {
  const [name = '', window = '', ...rest] = argument.split('/')
  if (name === '' || rest.length > 0) throw badArgument(`ask ${key}/IFACE or ${key}/IFACE/SECONDS`)
  return { name, window }
}

export const nettraf: Check = {
  key: 'nettraf',
  unit: 'B/s',
  argument: '/IFACE[/SECONDS]',
  summary: 'bytes a second of an interface, both ways',
  run(system, argument) {
    const { name, window } = parse('nettraf', argument)
    return traffic(system, name, window)
  },
}

/** ethN if there is one, else the Nth physical interface by index. */
function numbered(system: System, n: number): string | undefined {
  if (system.history.has(`net/eth${n}/rx`)) return `eth${n}`
  return readInterfaces(system).filter(({ physical }) => physical)[n]?.name
}

const nettrafN = (n: number): Check => ({
  key: `nettraf${n}`,
  unit: 'B/s',
  argument: '[/SECONDS]',
  summary: `nettraf of eth${n}, else of the physical interface number ${n}`,
  run(system, argument) {
    const name = numbered(system, n)
    if (name === undefined) throw noSuchObject(`no physical interface number ${n}`)
    return traffic(system, name, argument)
  },
})

export const nettraf0: Check = nettrafN(0)
export const nettraf1: Check = nettrafN(1)

/** `1000Mb/s full`, as far as the driver tells: asking it may wait for a lock of the kernel. */
async function medium(system: System, name: string): Promise<string> {
  const speed = await readAttribute(system, `class/net/${name}/speed`)
  const duplex = await readAttribute(system, `class/net/${name}/duplex`)
  // -1, or the same without its sign, is unknown.
  const known = /^\d{1,9}$/.test(speed) ? `${speed}Mb/s` : 'speed unknown'
  return /^(full|half)$/.test(duplex) ? `${known} ${duplex}` : known
}

export const netlink: Check = {
  key: 'netlink',
  argument: '/IFACE',
  slow: true,
  summary: '0 when an interface is up and has carrier, else 1',
  async run(system, argument) {
    const link = readLink(system, argument)
    if (!link) throw noSuchObject(`no interface ${argument}`)
    if (!link.up) return { value: '1', detail: `${argument} is administratively down` }
    if (!link.carrier) return { value: '1', detail: `${argument} has no carrier` }
    return { value: '0', detail: `${argument} ${await medium(system, argument)}` }
  },
}

export const neterrs: Check = {
  key: 'neterrs',
  unit: '/s',
  argument: '/IFACE[/SECONDS]',
  summary: 'packets in error or dropped a second, both ways, decimal',
  run(system, argument) {
    const { history } = system
    const { name, window } = parse('neterrs', argument)
    const series = seriesOf(system, name, ['errors', 'drops'])
    const { value, extremes, span } = rateOf(history, series, windowOf(window), hundredths)
    const [errors, drops] = series.map((one) => growth(history, [one], span))
    const counts = `errors=${errors} drops=${drops} in ${Math.round(span.seconds)}s`
    return { value, detail: `${name} ${extremes()} ${counts}` }
  },
}

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
