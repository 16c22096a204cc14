import { attempt } from '../core/answer.ts'
import type { Answer, Check } from '../core/check.ts'
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
    ['reads', 'writes', 'sectors', 'taken', 'busy', 'ended'].map(
      (field) => `disk/${name}/${field}`,
    ),
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

/** Requests that were under way at the last two samples while none ended in the whole span; else 0. */
function hung(history: History, { name, span }: Disk): number {
  const now = history.latest(`disk/${name}/underWay`)
  const before = now - grown(history, name, 'underWay', { ...span, from: span.to - 1 })
  return before > 0 && grown(history, name, 'ended', span) === 0 ? now : 0
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

/** A key, its figure, and what that is of a disk on which requests hang. */
interface Kind extends Pick<Check, 'key' | 'unit' | 'summary'> {
  readonly figure: Figure
  readonly print: Print
  readonly whenHung: number
}

const disk = ({ figure, print, whenHung, ...kind }: Kind): Check => ({
  ...kind,
  argument: '[/DEV[/SECONDS]]',
  run(system, argument): Answer {
    const { history } = system
    const rated = disks(system, argument).map((each) => {
      const waiting = hung(history, each)
      const value = waiting > 0 ? whenHung : figure(history, each.name, each.span)
      return { ...each, waiting, value: Number.isNaN(value) ? 0 : value }
    })
    const worst = rated.reduce((a, b) => (b.value > a.value ? b : a))
    const { name, waiting, value } = worst
    if (value === Number.POSITIVE_INFINITY)
      throw cannotAnswerNow(`${name}: ${waiting} requests under way, none ended`)
    const each = (second: Span): number => figure(history, name, second)
    const range = extremes(history, worst.span, each, print)
    const told = waiting > 0 ? `, ${waiting} under way, none ended` : ''
    return { value: print(value), detail: `${traffic(history, worst)} ${range}${told}` }
  },
})

export const diskio: Check = disk({
  key: 'diskio',
  unit: '%',
  summary: 'percent of the time in which a disk was busy; without DEV the busiest',
  figure: busy,
  print: whole,
  // Linux 5.0 to 5.13 count the time of a request only once it has ended.
  whenHung: 100,
})

export const disklatency: Check = disk({
  key: 'disklatency',
  unit: 'ms',
  summary: 'mean milliseconds a request took, decimal; without DEV the slowest',
  figure: latency,
  print: hundredths,
  whenHung: Number.POSITIVE_INFINITY,
})
