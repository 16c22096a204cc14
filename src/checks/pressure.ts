import type { Check } from '../core/check.ts'
import { badArgument, noSuchObject } from '../core/errors.ts'
import { type Pressure, readPressure, type Stalls } from '../readers/pressure.ts'

const RESOURCES = ['cpu', 'io', 'memory']

const told = (kind: string, { avg10, avg60, avg300 }: Stalls): string =>
  `${kind} avg10=${avg10} avg60=${avg60} avg300=${avg300}`

/** Both lines of the kernel, less the total. */
const detailOf = ({ some, full }: Pressure): string =>
  [told('some', some), ...(full ? [told('full', full)] : [])].join(' ')

export const pressure: Check = {
  key: 'pressure',
  unit: '%',
  argument: '/RESOURCE[/full]',
  summary: 'percent of the last minute in which some tasks (or all) waited for cpu, io or memory',
  run(system, argument) {
    const [resource = '', kind = 'some', ...rest] = argument.split('/')
    if (!RESOURCES.includes(resource) || !/^(some|full)$/.test(kind) || rest.length > 0)
      throw badArgument('ask pressure/cpu, pressure/io or pressure/memory, with /full or without')
    const found = readPressure(system, resource)
    const stalls = kind === 'full' ? found.full : found.some
    if (!stalls) throw noSuchObject('this kernel does not tell it')
    return { value: stalls.avg60, detail: detailOf(found) }
  },
}
