import { ParseError } from '../core/errors.ts'

/** What one interface did since it came up: bytes, and packets in error or dropped, both ways. */
export interface Traffic {
  readonly name: string
  readonly rx: number
  readonly tx: number
  readonly errors: number
  readonly drops: number
}

/** /proc/net/dev, proc(5): two lines of heading, then one interface a line. Throws ParseError. */
export function parseNetDev(text: string): Traffic[] {
  const lines = text.split('\n').slice(2, -1)
  if (!text.startsWith('Inter-|')) throw new ParseError('net/dev', text)
  return lines.map((line) => {
    const match = LINE.exec(line)
    if (!match) throw new ParseError('net/dev', line)
    const [, name, ...columns] = match
    const [rx, inErrors, inDrops, tx, outErrors, outDrops] = columns.map(Number) as Columns
    return { name: name as string, rx, tx, errors: inErrors + outErrors, drops: inDrops + outDrops }
  })
}

/** The name may touch the first number; an alias such as eth0:1 has a colon of its own. */
const LINE =
  /^ *(\S+): *(\d+) +\d+ +(\d+) +(\d+)(?: +\d+){4} +(\d+) +\d+ +(\d+) +(\d+)(?: +\d+)*\s*$/
type Columns = [number, number, number, number, number, number]
