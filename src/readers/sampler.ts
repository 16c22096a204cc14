import type { Rings } from './history.ts'
import { parseNetDev } from './netdev.ts'
import { parseStat } from './stat.ts'

/** Milliseconds between samples. */
const PERIOD = 1_000
/** The second sample follows the first so soon that rates are there at once. */
const FIRST = 100

type Counters = Iterable<readonly [string, number]>

/** What is sampled: the file below --proc and the counters in it. */
const SOURCES: readonly (readonly [string, (text: string) => Counters])[] = [
  ['stat', (text) => Object.entries(parseStat(text)).map(([name, n]) => [`stat/${name}`, n])],
  [
    'net/dev',
    (text) =>
      parseNetDev(text).flatMap(({ name, rx, tx }) => [
        [`net/${name}/rx`, rx] as const,
        [`net/${name}/tx`, tx] as const,
      ]),
  ],
]

/** Samples at once, after a tenth of a second, then every second. Returns what stops it. */
export function startSampler(read: (path: string) => string, rings: Rings): () => void {
  const sample = (): void => rings.add(SOURCES.flatMap((source) => counters(read, source)))
  sample()
  let timer = setTimeout(() => {
    sample()
    timer = setInterval(sample, PERIOD)
  }, FIRST)
  return () => clearTimeout(timer)
}

/** The counters, and a series of the file's own that says it was read. A file that cannot be read leaves its counters unknown for this second: `cannot answer now`. */
function counters(
  read: (path: string) => string,
  [path, parse]: (typeof SOURCES)[number],
): (readonly [string, number])[] {
  try {
    return [...parse(read(path)), [path, 0]]
  } catch {
    return []
  }
}
