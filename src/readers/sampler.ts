import type { System } from '../core/system.ts'
import { parseDiskstats } from './diskstats.ts'
import type { Rings } from './history.ts'
import { parseNetDev } from './netdev.ts'
import { parseSnmp, parseSnmp6 } from './snmp.ts'
import { parseStat } from './stat.ts'
import { parseOomKills } from './vmstat.ts'

/** Milliseconds between samples. */
export const SECOND = 1_000
export const MINUTE = 60_000
/** The second sample follows the first so soon that rates are there at once. */
const FIRST = 100

type Counters = readonly (readonly [string, number])[]

/** A file that is sampled: its name, its text, and the counters in it. */
interface Source {
  readonly name: string
  readonly text: (system: System) => string
  readonly counters: (text: string) => Counters
}

/** Counters as the series of a file. */
const seriesOf = (file: string, found: ReadonlyMap<string, number>): Counters =>
  [...found].map(([name, count]) => [`${file}/${name}`, count] as const)

/** Counters of many objects: one series for each object and field. */
const eachOf = <T extends { readonly name: string }>(
  file: string,
  fields: readonly (keyof T & string)[],
  found: readonly T[],
): Counters =>
  found.flatMap((object) =>
    fields.map((field) => [`${file}/${object.name}/${field}`, Number(object[field])] as const),
  )

const DISK = ['reads', 'writes', 'sectors', 'taken', 'busy', 'ended', 'underWay'] as const
const SNMP = ['Tcp.OutSegs', 'Tcp.RetransSegs', 'Udp.InErrors', 'Udp.RcvbufErrors']
const SNMP6 = ['Udp6InErrors', 'Udp6RcvbufErrors']
const NETSTAT = ['TcpExt.ListenDrops', 'TcpExt.ListenOverflows']

const SOURCES: readonly Source[] = [
  {
    name: 'stat',
    text: (system) => system.proc('stat'),
    counters: (text) => Object.entries(parseStat(text)).map(([name, n]) => [`stat/${name}`, n]),
  },
  {
    name: 'net/dev',
    text: (system) => system.net('dev'),
    counters: (text) => eachOf('net', ['rx', 'tx', 'errors', 'drops'], parseNetDev(text)),
  },
  {
    name: 'snmp',
    text: (system) => system.net('snmp'),
    counters: (text) => seriesOf('snmp', parseSnmp(text, SNMP)),
  },
  {
    name: 'snmp6',
    text: (system) => system.net('snmp6'),
    counters: (text) => seriesOf('snmp6', parseSnmp6(text, SNMP6)),
  },
  {
    name: 'netstat',
    text: (system) => system.net('netstat'),
    counters: (text) => seriesOf('netstat', parseSnmp(text, NETSTAT)),
  },
  {
    name: 'diskstats',
    text: (system) => system.proc('diskstats'),
    counters: (text) => eachOf('disk', DISK, parseDiskstats(text)),
  },
]

/** What happens so seldom that a sample a minute is enough. */
const SELDOM: readonly Source[] = [
  {
    name: 'vmstat',
    text: (system) => system.proc('vmstat'),
    counters: (text) => [['vmstat/oom_kill', parseOomKills(text) ?? Number.NaN]],
  },
]

/** Samples at once, and again after `apart` milliseconds: then there are rates, and it resolves. */
export async function startSampler(
  system: System,
  seconds: Rings,
  minutes: Rings,
  apart: number = FIRST,
): Promise<NodeJS.Timeout[]> {
  const jobs = [
    { sample: sampling(system, SOURCES, seconds), period: SECOND },
    { sample: sampling(system, SELDOM, minutes), period: MINUTE },
  ]
  for (const { sample } of jobs) sample()
  await new Promise((resolve) => setTimeout(resolve, apart))
  for (const { sample } of jobs) sample()
  return jobs.map(({ sample, period }) => setInterval(sample, period))
}

const sampling =
  (system: System, sources: readonly Source[], rings: Rings): (() => void) =>
  () =>
    rings.add(sources.flatMap((source) => counters(system, source)))

/**
 * The counters, and a series of the file's own that says it was read. A file that cannot be read
 * leaves its counters unknown for this second: `cannot answer now`.
 */
function counters(system: System, source: Source): Counters {
  try {
    return [...source.counters(source.text(system)), [source.name, 0]]
  } catch {
    return []
  }
}
