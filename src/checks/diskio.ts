import { attempt } from '../core/answer.ts'
import type { Answer, Check, Unit } from '../core/check.ts'
import { cannotAnswerNow, noSuchObject } from '../core/errors.ts'
import type { History, Span, System } from '../core/system.ts'
import { readDiskstats } from '../readers/diskstats.ts'
import { windowOf } from './arguments.ts'
import { extremes, hundredths, mustBeSampled, type Print, whole } from './rate.ts'

const SECTOR = 512

/** One device in the window. */
interface Disk {
  readonly name: string
  readonly span: Span
}

const grown = (history: History, name: string, field: string, span: Span): number =>
  history.growth(`disk/${name}/${field}`, span)

const spanOf = (history: History, name: string, seconds: number): Span =>
  history.span(
    ['reads', 'writes', 'sectors', 'taken', 'busy'].map((field) => `disk/${name}/${field}`),
    seconds,
  )

/** What both keys tell of a device besides their value. */
function traffic(history: History, { name, span }: Disk): string {
  const rate = (field: string): number => grown(history, name, field, span) / span.seconds
  const bytes = Math.round(rate('sectors') * SECTOR)
  return `${name} reads=${whole(rate('reads'))}/s writes=${whole(rate('writes'))}/s bytes=${bytes}/s`
}

/** A figure of a device over a stretch of time; NaN where it has none. */
type Figure = (history: History, name: string, span: Span) => number

/** Percent of the time in which a request was under way. */
const busy: Figure = (history, name, span) =>
  Math.min(100, grown(history, name, 'busy', span) / span.seconds / 10)

/** Mean milliseconds of the requests that ended. */
const latency: Figure = (history, name, span) => {
  const requests = grown(history, name, 'reads', span) + grown(history, name, 'writes', span)
  return grown(history, name, 'taken', span) / (requests === 0 ? Number.NaN : requests)
}

/** A device name may hold slashes, as `cciss/c0d0` does, but no part of digits alone. */
function parse(argument: string): { name: string; seconds: number } {
  const [, name = argument, seconds = ''] = /^(.*)\/(\d*)$/.exec(argument) ?? []
  return { name, seconds: windowOf(seconds) }
}

/** The device that is asked for; without a name all that did anything and were sampled twice. */
function disks(system: System, argument: string): Disk[] {
  const { history } = system
  const { name, seconds } = parse(argument)
  if (name !== '') {
    const read = (): unknown => system.proc('diskstats')
    mustBeSampled(system, 'diskstats', read, `disk/${name}/busy`, `no disk ${name} in use`)
    return [{ name, span: spanOf(history, name, seconds) }]
  }
  const names = readDiskstats(system).map((disk) => disk.name)
  if (names.length === 0) throw noSuchObject('no disk in use')
  const known = names.filter((each) => history.has(`disk/${each}/busy`))
  const found = known.flatMap((each) => {
    const outcome = attempt(() => ({ name: each, span: spanOf(history, each, seconds) }))
    return 'span' in outcome ? [outcome] : []
  })
  if (found.length === 0) throw cannotAnswerNow('not sampled yet')
  return found
}

const disk = (key: string, unit: Unit, summary: string, figure: Figure, print: Print): Check => ({
  key,
  unit,
  argument: '[/DEV[/SECONDS]]',
  summary,
  run(system, argument): Answer {
    const { history } = system
    const rated = disks(system, argument).map((each) => {
      const value = figure(history, each.name, each.span)
      return { ...each, value: Number.isNaN(value) ? 0 : value }
    })
    const worst = rated.reduce((a, b) => (b.value > a.value ? b : a))
    const each = (second: Span): number => figure(history, worst.name, second)
    return {
      value: print(worst.value),
      detail: `${traffic(history, worst)} ${extremes(history, worst.span, each, print)}`,
    }
  },
})

export const diskio: Check = disk(
  'diskio',
  '%',
  'percent of the time in which a disk was busy; without DEV the busiest',
  busy,
  whole,
)

export const disklatency: Check = disk(
  'disklatency',
  'ms',
  'mean milliseconds a request took, decimal; without DEV the slowest',
  latency,
  hundredths,
)
