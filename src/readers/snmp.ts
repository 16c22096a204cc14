import { ParseError } from '../core/errors.ts'

/** Counters by `Protocol.Name`. */
export type Snmp = ReadonlyMap<string, number>

/**
 * /proc/net/snmp and /proc/net/netstat, proc(5): a line of names and one of numbers for each
 * protocol, `Udp: InDatagrams NoPorts` and `Udp: 12 3`. Throws ParseError.
 */
export function parseSnmp(text: string): Snmp {
  const counters = new Map<string, number>()
  const lines = text.split('\n')
  if (lines.pop() !== '' || lines.length % 2 !== 0 || lines.length === 0)
    throw new ParseError('net/snmp', text)
  for (let i = 0; i < lines.length; i += 2) {
    const [protocol = '', ...names] = (lines[i] as string).trimEnd().split(' ')
    const [same, ...numbers] = (lines[i + 1] as string).trimEnd().split(' ')
    if (protocol !== same || names.length !== numbers.length)
      throw new ParseError('net/snmp', lines[i] as string)
    for (const [n, name] of names.entries())
      counters.set(`${protocol.slice(0, -1)}.${name}`, Number(numbers[n]))
  }
  return counters
}

/** /proc/net/snmp6: `Udp6InErrors` and its number, one a line. Throws ParseError. */
export function parseSnmp6(text: string): Snmp {
  const lines = [...text.matchAll(/^(\w+)\s+(\d+)\s*$/gm)]
  if (lines.length === 0) throw new ParseError('net/snmp6', text)
  return new Map(lines.map(([, name, number]) => [name as string, Number(number)]))
}
