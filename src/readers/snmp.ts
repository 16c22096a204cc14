import { ParseError } from '../core/errors.ts'

/** Counters by name; those that the kernel does not have are missing. */
export type Snmp = ReadonlyMap<string, number>

/**
 * The counters `Protocol.Name` of /proc/net/snmp and /proc/net/netstat, proc(5): a line of names and
 * one of numbers for each protocol, `Udp: InDatagrams NoPorts` and `Udp: 12 3`. There are hundreds,
 * and they are read each second: only those wanted are looked at. Throws ParseError.
 */
export function parseSnmp(text: string, wanted: readonly string[]): Snmp {
  const counters = new Map<string, number>()
  const lines = text.split('\n')
  if (lines.pop() !== '' || lines.length % 2 !== 0 || lines.length === 0)
    throw new ParseError('net/snmp', text)
  for (let i = 0; i < lines.length; i += 2) {
    const line = lines[i] as string
    const protocol = line.slice(0, line.indexOf(':'))
    const keys = wanted.filter((key) => key.startsWith(`${protocol}.`))
    if (keys.length === 0) continue
    const names = line.trimEnd().split(' ')
    const numbers = (lines[i + 1] as string).trimEnd().split(' ')
    if (names[0] !== numbers[0] || names.length !== numbers.length)
      throw new ParseError('net/snmp', line)
    for (const key of keys) {
      const at = names.indexOf(key.slice(protocol.length + 1))
      if (at !== -1) counters.set(key, Number(numbers[at]))
    }
  }
  return counters
}

/** The counters wanted of /proc/net/snmp6: `Udp6InErrors` and its number, one a line. Throws ParseError. */
export function parseSnmp6(text: string, wanted: readonly string[]): Snmp {
  if (!/^\w+\s+\d+\s*$/m.test(text)) throw new ParseError('net/snmp6', text)
  return new Map(
    wanted.flatMap((name) => {
      const at = `\n${text}`.indexOf(`\n${name} `)
      if (at === -1) return []
      const number = Number(text.slice(at + name.length, text.indexOf('\n', at)))
      if (Number.isNaN(number)) throw new ParseError('net/snmp6', text.slice(at))
      return [[name, number] as const]
    }),
  )
}
