import type { Check } from '../core/check.ts'
import { badArgument } from '../core/errors.ts'
import { readHostname } from '../readers/hostname.ts'

export const hostname: Check = {
  key: 'hostname',
  argument: '/NAME',
  summary: '0 when NAME is the host name or its first label, else 1',
  run(system, argument) {
    if (argument === '') throw badArgument('a NAME is wanted')
    const name = readHostname(system)
    const asked = argument.toLowerCase()
    const own = name.toLowerCase()
    const match = asked === own || asked === own.split('.', 1)[0]
    return match ? { value: '0' } : { value: '1', detail: name }
  },
}

export const timediff: Check = {
  key: 'timediff',
  unit: 's',
  argument: '/EPOCH',
  summary: 'seconds between EPOCH and the clock of the host',
  run(system, argument) {
    if (!/^\d{1,15}$/.test(argument)) throw badArgument('EPOCH is decimal seconds')
    const seconds = Math.floor(system.now() / 1000)
    return { value: String(Math.abs(seconds - Number(argument))), detail: String(seconds) }
  },
}
