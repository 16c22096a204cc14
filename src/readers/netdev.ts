import { ParseError } from '../core/errors.ts'

/** Bytes of one interface since it came up. */
export interface Traffic {
  readonly name: string
  readonly rx: number
  readonly tx: number
}

/** /proc/net/dev, proc(5): two lines of heading, then one interface a line. Throws ParseError. */
export function parseNetDev(text: string): Traffic[] {
  const lines = text.split('\n').slice(2, -1)
  if (!text.startsWith('Inter-|')) throw new ParseError('net/dev', text)
  return lines.map((line) => {
    const match = LINE.exec(line)
    if (!match) throw new ParseError('net/dev', line)
    return { name: match[1] as string, rx: Number(match[2]), tx: Number(match[3]) }
  })
}

/** The name may touch the first number; an alias such as eth0:1 has a colon of its own. */
const LINE = /^ *(\S+): *(\d+)(?: +\d+){7} +(\d+)(?: +\d+)*\s*$/
