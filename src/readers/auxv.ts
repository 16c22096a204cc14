import { endianness } from 'node:os'
import type { System } from '../core/system.ts'

/** What the kernel counts in: bytes of a page of memory, and ticks of a second. */
export interface Units {
  readonly page: number
  readonly ticks: number
}

/** Entries of the auxiliary vector, getauxval(3). */
const AT_PAGESZ = 6n
const AT_CLKTCK = 17n

/** The units of this kernel; the usual ones where /proc is another host's. */
export function readUnits(system: System): Units {
  try {
    return parseAuxv(system.proc('self/auxv'))
  } catch {
    return { page: 4_096, ticks: 100 }
  }
}

/** /proc/PID/auxv, proc(5), of a 64 bit process: pairs of a type and a value. */
export function parseAuxv(text: string): Units {
  const bytes = Buffer.from(text, 'latin1')
  const found = new Map<bigint, number>()
  for (let at = 0; at + 16 <= bytes.length; at += 16)
    found.set(word(bytes, at), Number(word(bytes, at + 8)))
  return { page: found.get(AT_PAGESZ) ?? 4_096, ticks: found.get(AT_CLKTCK) ?? 100 }
}

const word = (bytes: Buffer, at: number): bigint =>
  endianness() === 'LE' ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at)
