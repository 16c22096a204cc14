import { attempt } from '../core/answer.ts'
import type { Refusal } from '../core/check.ts'
import { cannotAnswerNow, codeOf, ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { readAttribute } from './attribute.ts'

/** A temperature sensor: in °C, and where its files begin. */
export interface Sensor {
  readonly celsius: number
  /** Path below /sys of its files, up to what follows `temp1_`. */
  readonly stem: string
}

/** What was found, and how many sensors did not answer or report a fault. */
export interface Sensors {
  readonly sensors: readonly Sensor[]
  readonly silent: number
}

/** Millidegrees, Documentation/hwmon/sysfs-interface.rst. Throws ParseError. */
export function parseCelsius(text: string): number {
  if (!MILLIDEGREES.test(text)) throw new ParseError('hwmon temperature', text)
  return Number(text) / 1000
}

const MILLIDEGREES = /^-?\d+\n?$/

/** Where a sensor's files begin, and whether one of them tells of faults. */
interface Place {
  readonly stem: string
  readonly tellsFault: boolean
}

/** All sensors of /sys/class/hwmon; where there is none, the zones of /sys/class/thermal. */
export async function readSensors(system: System): Promise<Sensors> {
  const hwmon = places(system, 'class/hwmon', /^(temp\d+_)input$/, ['', '/device'])
  const found = hwmon.length > 0 ? hwmon : places(system, 'class/thermal', /^()temp$/, [''])
  const input = hwmon.length > 0 ? 'input' : 'temp'
  const sensors: Sensor[] = []
  for (const place of found) {
    const sensor = await attempt<Sensor | Refusal>(() => readSensor(system, place, input))
    if (!isSilent(sensor)) sensors.push(sensor)
  }
  return { sensors, silent: found.length - sensors.length }
}

/** A sensor at fault (open, short) still has an input: it reads as whatever its chip holds then. */
async function readSensor(
  system: System,
  { stem, tellsFault }: Place,
  input: string,
): Promise<Sensor> {
  if (tellsFault && (await system.sysfsPatiently(`${stem}fault`)).trim() !== '0')
    throw cannotAnswerNow('the sensor reports a fault')
  return { celsius: parseCelsius(await system.sysfsPatiently(stem + input)), stem }
}

const isSilent = (sensor: Sensor | Refusal): sensor is Refusal => 'kind' in sensor

/** Before Linux 3.15 most files of a sensor lay in its device's directory. */
function places(system: System, top: string, file: RegExp, below: readonly string[]): Place[] {
  return names(system, top).flatMap((device) =>
    below.flatMap((directory) => {
      const files = names(system, `${top}/${device}${directory}`)
      return files.flatMap((name) => {
        const [match, prefix = ''] = file.exec(name) ?? []
        const stem = `${top}/${device}${directory}/${prefix}`
        return match ? [{ stem, tellsFault: files.includes(`${prefix}fault`) }] : []
      })
    }),
  )
}

function names(system: System, path: string): string[] {
  try {
    return [...system.sysfsNames(path)].sort()
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
    throw error
  }
}

/** What its driver calls it, and its own limits as far as it has any: `coretemp Core 0`, `max 80`. */
export async function describeSensor(system: System, { stem }: Sensor): Promise<string[]> {
  const directory = stem.slice(0, stem.lastIndexOf('/'))
  const files = ['name', 'type'].map((file) => `${directory}/${file}`)
  const read = (path: string): Promise<string> => readAttribute(system, path)
  const names = await Promise.all([...files, `${stem}label`].map(read))
  const limits = ['max', 'crit'].map(async (name) => {
    const text = await read(stem + name)
    return MILLIDEGREES.test(text) ? `${name} ${Math.round(parseCelsius(text))}` : ''
  })
  const told = (texts: readonly string[]): string[] => texts.filter((text) => text !== '')
  return told([told(names).join(' '), ...(await Promise.all(limits))])
}
