import { attempt } from '../core/answer.ts'
import type { Refusal } from '../core/check.ts'
import { codeOf, ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { readAttribute } from './attribute.ts'

/** A temperature sensor: in °C, and where its files begin. */
export interface Sensor {
  readonly celsius: number
  /** What its driver calls it. */
  readonly name: string
  /** Path below /sys of its files, up to what follows `temp1_`. */
  readonly stem: string
}

/** What was found, and how many sensors did not answer. */
export interface Sensors {
  readonly sensors: readonly Sensor[]
  readonly silent: number
}

/** Millidegrees, Documentation/hwmon/sysfs-interface.rst. Throws ParseError. */
export function parseCelsius(text: string): number {
  if (!/^-?\d+\n?$/.test(text)) throw new ParseError('hwmon temperature', text)
  return Number(text) / 1000
}

/** All sensors of /sys/class/hwmon; where there is none, the zones of /sys/class/thermal. */
export async function readSensors(system: System): Promise<Sensors> {
  const hwmon = stems(system, 'class/hwmon', /^(temp\d+_)input$/, ['', '/device'])
  const found = hwmon.length > 0 ? hwmon : stems(system, 'class/thermal', /^()temp$/, [''])
  const input = hwmon.length > 0 ? 'input' : 'temp'
  const sensors: Sensor[] = []
  for (const stem of found) {
    const sensor = await attempt<Sensor | Refusal>(async () => ({
      celsius: parseCelsius(await system.sysfsPatiently(stem + input)),
      name: await nameOf(system, stem),
      stem,
    }))
    if (!isSilent(sensor)) sensors.push(sensor)
  }
  return { sensors, silent: found.length - sensors.length }
}

const isSilent = (sensor: Sensor | Refusal): sensor is Refusal => 'kind' in sensor

/** Before Linux 3.15 most files of a sensor lay in its device's directory. */
function stems(system: System, top: string, file: RegExp, below: readonly string[]): string[] {
  return names(system, top).flatMap((device) =>
    below.flatMap((directory) =>
      names(system, `${top}/${device}${directory}`).flatMap((name) => {
        const match = file.exec(name)
        return match ? [`${top}/${device}${directory}/${match[1]}`] : []
      }),
    ),
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

/** `coretemp Core 0`, `acpitz`: what is there of the driver's name and the label. */
async function nameOf(system: System, stem: string): Promise<string> {
  const directory = stem.slice(0, stem.lastIndexOf('/'))
  const files = [`${directory}/name`, `${directory}/type`, `${stem}label`]
  const texts = await Promise.all(files.map((file) => readAttribute(system, file)))
  return texts.filter((text) => text !== '').join(' ')
}

/** The sensor's own limits, as far as it has any: `max 80`, `crit 100`. */
export async function readLimits(system: System, { stem }: Sensor): Promise<string[]> {
  const limits = ['max', 'crit'].map(async (name) => {
    const text = await readAttribute(system, `${stem}${name}`)
    return text === '' ? [] : [`${name} ${Math.round(parseCelsius(text))}`]
  })
  return (await Promise.all(limits)).flat()
}
