import type { Check } from '../core/check.ts'
import { badArgument } from '../core/errors.ts'
import { readHostname } from '../readers/hostname.ts'
import { readUptime } from '../readers/uptime.ts'

/** Whether `asked` is the host's name or its first label. */
const names = (name: string, asked: string): boolean =>
  name.startsWith(asked) && (name.length === asked.length || name[asked.length] === '.')

export const hostname: Check = {
  key: 'hostname',
  argument: '/NAME',
  summary: '0 when NAME is the host name or its first label, else 1',
  run(system, argument) {
    if (argument === '') throw badArgument('a NAME is wanted')
    const name = system.history.perSample('hostname', () => readHostname(system))
    const match = names(name, argument) || names(name.toLowerCase(), argument.toLowerCase())
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

export const uptime: Check = {
  key: 'uptime',
  unit: 's',
  summary: 'seconds since boot',
  run(system) {
    const seconds = readUptime(system)
    const [days, hours, minutes] = [86_400, 3_600, 60].map((unit) => Math.floor(seconds / unit))
    return {
      value: String(seconds),
      detail: `${days}d ${(hours as number) % 24}h ${(minutes as number) % 60}m`,
    }
  },
}
