import type { System } from '../core/system.ts'
import type { Rings } from './history.ts'
import { parseNetDev } from './netdev.ts'
import { parseStat } from './stat.ts'

/** Milliseconds between samples. */
const PERIOD = 1_000
/** The second sample follows the first so soon that rates are there at once. */
const FIRST = 100

type Counters = readonly (readonly [string, number])[]

/** A file that is sampled: its name, its text, and the counters in it. */
interface Source {
  readonly name: string
  readonly text: (system: System) => string
  readonly counters: (text: string) => Counters
}

const SOURCES: readonly Source[] = [
  {
    name: 'stat',
    text: (system) => system.proc('stat'),
    counters: (text) => Object.entries(parseStat(text)).map(([name, n]) => [`stat/${name}`, n]),
  },
  {
    name: 'net/dev',
    text: (system) => system.netDev(),
    counters: (text) =>
      parseNetDev(text).flatMap(({ name, rx, tx }) => [
        [`net/${name}/rx`, rx] as const,
        [`net/${name}/tx`, tx] as const,
      ]),
  },
]

/** Samples at once, and again after `apart` milliseconds: then there are rates, and it resolves. */
export async function startSampler(
  system: System,
  rings: Rings,
  apart: number = FIRST,
): Promise<NodeJS.Timeout> {
  const sample = (): void => rings.add(SOURCES.flatMap((source) => counters(system, source)))
  sample()
  await new Promise((resolve) => setTimeout(resolve, apart))
  sample()
  return setInterval(sample, PERIOD)
}

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
