import { codeOf, ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { readCount } from './count.ts'

/** Connections that the packet filter keeps track of, and the most it can; 0 is no limit. */
export interface Conntrack {
  readonly count: number
  readonly most: number
}

export function readConntrack(system: System): Conntrack {
  const most = readCount(system, 'sys/net/netfilter/nf_conntrack_max')
  return { count: tracked(system), most }
}

/** What /proc/sys/net says is of the network namespace of whoever reads it; /proc/PID/net is not. */
function tracked(system: System): number {
  try {
    return parseConntrackStat(system.net('stat/nf_conntrack'))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    return readCount(system, 'sys/net/netfilter/nf_conntrack_count')
  }
}

/**
 * /proc/net/stat/nf_conntrack: a heading, then a line for each CPU that begins with the entries in
 * hexadecimal, the same in all. Throws ParseError.
 */
export function parseConntrackStat(text: string): number {
  const [, entries] = /^entries .*\n([0-9a-f]+) /.exec(text) ?? []
  if (entries === undefined) throw new ParseError('net/stat/nf_conntrack', text)
  return Number.parseInt(entries, 16)
}
