import type { Check } from '../core/check.ts'
import type { System } from '../core/system.ts'
import { windowOf } from './arguments.ts'
import { growth, hundredths, mustBeSampled, rateOf } from './rate.ts'

/** Something that the kernel counts in /proc/net, and what is told beside it. */
interface Counter {
  readonly key: string
  readonly summary: string
  /** The file of /proc/net. */
  readonly file: string
  readonly series: readonly string[]
  /** Counted where the kernel has it. */
  readonly also?: readonly string[]
  /** Told as growth within the window. */
  readonly beside: Readonly<Record<string, readonly string[]>>
}

const counted = ({ key, summary, file, series, also = [], beside }: Counter): Check => ({
  key,
  unit: '/s',
  argument: '[/SECONDS]',
  summary,
  run(system: System, argument) {
    const seconds = windowOf(argument)
    const { history } = system
    const there = (name: string): boolean => history.has(name)
    mustBeSampled(system, file, () => system.net(file), series[0] as string, 'not counted here')
    const all = [...series, ...also.filter(there)]
    const { value, extremes, span } = rateOf(history, all, seconds, hundredths)
    const counts = Object.entries({ total: all, ...beside }).map(
      ([name, names]) => `${name}=${growth(history, names.filter(there), span)}`,
    )
    return { value, detail: `${extremes()} ${counts.join(' ')} in ${Math.round(span.seconds)}s` }
  },
})

export const udpdrops: Check = counted({
  key: 'udpdrops',
  summary: 'received UDP datagrams that were dropped a second, decimal',
  file: 'snmp',
  series: ['snmp/Udp.InErrors'],
  also: ['snmp6/Udp6InErrors'],
  beside: { buffer: ['snmp/Udp.RcvbufErrors', 'snmp6/Udp6RcvbufErrors'] },
})

export const tcpretrans: Check = counted({
  key: 'tcpretrans',
  summary: 'TCP segments sent again a second, decimal',
  file: 'snmp',
  series: ['snmp/Tcp.RetransSegs'],
  beside: { sent: ['snmp/Tcp.OutSegs'] },
})

export const listendrops: Check = counted({
  key: 'listendrops',
  summary: 'TCP connections that a listening socket dropped a second, decimal',
  file: 'netstat',
  series: ['netstat/TcpExt.ListenDrops'],
  beside: { overflows: ['netstat/TcpExt.ListenOverflows'] },
})
