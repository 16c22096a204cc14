import { codeOf, ParseError } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** Fields of one protocol: `inuse 4 orphan 0 tw 6`. */
export type Sockets = Readonly<Record<string, number>>

/** The protocols of IPv4 and IPv6 by their names in the files: `sockets`, `TCP`, `TCP6`. */
export function readSockstat(system: System): ReadonlyMap<string, Sockets> {
  const four = parseSockstat(system.net('sockstat'))
  try {
    return new Map([...four, ...parseSockstat(system.net('sockstat6'))])
  } catch (error) {
    // A kernel without IPv6 has no such sockets either.
    if (codeOf(error) === 'ENOENT') return four
    throw error
  }
}

/** /proc/net/sockstat and sockstat6, proc(5): sums that the kernel keeps. Throws ParseError. */
export function parseSockstat(text: string): Map<string, Sockets> {
  const lines = text.split('\n')
  if (lines.pop() !== '' || lines.length === 0) throw new ParseError('net/sockstat', text)
  return new Map(
    lines.map((line) => {
      const [, protocol = '', fields = ''] = /^(\w+):((?: \w+ \d+)+)$/.exec(line) ?? []
      if (protocol === '') throw new ParseError('net/sockstat', line)
      const pairs = [...fields.matchAll(/(\w+) (\d+)/g)]
      return [protocol, Object.fromEntries(pairs.map(([, name, n]) => [name, Number(n)]))]
    }),
  )
}
