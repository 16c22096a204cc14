// What Prometheus scrapes: https://prometheus.io/docs/instrumenting/exposition_formats/
import type { Counter, Gauge, Registry } from 'prom-client'
import { toUnicode } from '../core/bytes.ts'
import { type Check, isRefusal, type Outcome, type Unit } from '../core/check.ts'
import type { Kind } from '../core/errors.ts'
import type { Vitals } from '../core/vitals.ts'
import type { Sample } from './overview.ts'

/** Writes samples in the text format. */
export interface Metrics {
  readonly type: string
  text(samples: readonly Sample[]): Promise<string>
}

/** What a unit is called in a name, and what a value is divided by: names are in base units. */
const BASE: Readonly<Record<Unit, readonly [suffix: string, divisor: number]>> = {
  '%': ['_ratio', 100],
  s: ['_seconds', 1],
  ms: ['_seconds', 1000],
  'B/s': ['_bytes_per_second', 1],
  '/s': ['_per_second', 1],
  '°C': ['_celsius', 1],
}

/** `cpuI` as `knoerred_cpu_i_ratio`: lower case, and the base unit at the end. */
export function metricName({ key, unit }: Pick<Check, 'key' | 'unit'>): string {
  const words = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/\W/g, '_')
  return `knoerred_${words}${unit ? BASE[unit][0] : ''}`
}

/** A summary speaks of percent and milliseconds where the metric is a ratio, and has seconds. */
const helpOf = ({ summary, unit }: Check): string =>
  unit === '%'
    ? summary.replace(/\bpercent\b/, 'ratio')
    : unit === 'ms'
      ? summary.replace(/\bmilliseconds\b/, 'seconds')
      : summary

const KINDS: readonly Kind[] = [
  'bad argument',
  'no such key',
  'no such object',
  'not permitted',
  'cannot answer now',
]

/** The number of a value; undefined when it is none. */
function numberOf(outcome: Outcome): number | undefined {
  if (isRefusal(outcome) || !/^-?\d+(\.\d+)?$/.test(outcome.value)) return undefined
  return Number(outcome.value)
}

/** Of the client library, what is used. */
interface Library {
  readonly Registry: typeof Registry
  readonly Gauge: typeof Gauge
  readonly Counter: typeof Counter
}

/** Loads the client library: only who opens a door for Prometheus pays for it. */
export async function loadMetrics(version: string, vitals: Vitals): Promise<Metrics> {
  const [{ default: Registry }, { default: Gauge }, { default: Counter }] = await Promise.all([
    import('prom-client/lib/registry.js'),
    import('prom-client/lib/gauge.js'),
    import('prom-client/lib/counter.js'),
  ])
  const library = { Registry, Gauge, Counter }
  return {
    type: new Registry().contentType,
    text(samples) {
      const registry = new Registry()
      const failed = failures(library, registry)
      for (const sample of samples) {
        const { outcome } = sample
        const value = numberOf(outcome)
        if (value !== undefined)
          gaugeOf(library, registry, sample.check).set(...labelled(sample, value))
        else failed.inc({ kind: isRefusal(outcome) ? outcome.kind : 'no number' })
      }
      addOwn(library, registry, version, vitals)
      return registry.metrics()
    },
  }
}

/** A key that was asked with an argument has it in a label. */
const labelled = ({ key, check }: Sample, value: number): [{ key?: string }, number] => [
  key === check.key ? {} : { key: toUnicode(key) },
  value / (check.unit ? BASE[check.unit][1] : 1),
]

function gaugeOf({ Gauge }: Library, registry: Registry, check: Check): Gauge<'key'> {
  const name = metricName(check)
  const known = registry.getSingleMetric(name) as Gauge<'key'> | undefined
  return (
    known ?? new Gauge({ name, help: helpOf(check), labelNames: ['key'], registers: [registry] })
  )
}

function failures({ Gauge }: Library, registry: Registry): Gauge<'kind'> {
  const failed = new Gauge({
    name: 'knoerred_failed_keys',
    help: 'keys that could not be answered at this scrape, by kind of error',
    labelNames: ['kind'],
    registers: [registry],
  })
  for (const kind of KINDS) failed.set({ kind }, 0)
  return failed
}

/** What the process knows of itself. */
function addOwn(
  { Gauge, Counter }: Library,
  registry: Registry,
  version: string,
  vitals: Vitals,
): void {
  const registers = [registry]
  for (const [what, help] of OWN)
    new Counter({ name: `knoerred_${what}_total`, help, registers }).inc(vitals[what])
  const help = 'the version of knoerred'
  const labelNames = ['version']
  new Gauge({ name: 'knoerred_build_info', help, labelNames, registers }).set({ version }, 1)
}

const OWN = [
  ['requests', 'requests of clients, over all doors'],
  ['refused', 'requests and connections of strangers'],
  ['errors', 'replies that are an error'],
] as const
