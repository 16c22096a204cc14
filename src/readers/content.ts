import type { Excerpt } from '../core/check.ts'
import { cannotAnswerNow } from '../core/errors.ts'
import type { OpenFile, System } from '../core/system.ts'
import { patience } from './guard.ts'

/** Bytes of one read in the thread pool; what is done with them on the event loop takes 0.1 ms. */
const CHUNK = 65_536
/** Bytes kept of a long content at its start and at its end; a reply holds fewer. */
const KEPT = 65_536

/**
 * Reads to the end and hands each chunk on; the chunk's bytes are good until the next. Throws
 * `cannot answer now` at the deadline: a file may grow, or be larger than time allows.
 */
async function eachChunk(
  system: System,
  file: OpenFile,
  from: number,
  take: (chunk: Buffer) => void,
): Promise<void> {
  const end = performance.now() + patience(system.deadline)
  const buffer = Buffer.allocUnsafe(CHUNK)
  for (let position = from; ; ) {
    const n = await file.read(buffer, position)
    if (n === 0) return
    take(buffer.subarray(0, n))
    position += n
    if (performance.now() > end)
      throw cannotAnswerNow(
        `${position} bytes read, and no end, in ${patience(system.deadline)} ms`,
      )
  }
}

/** A file's content; of a long one the start and the end. */
export async function readContent(system: System, file: OpenFile): Promise<Excerpt> {
  let head = ''
  let tail = ''
  let total = 0
  const take = (chunk: Buffer): void => {
    const text = chunk.toString('latin1')
    const space = KEPT - head.length
    head += text.slice(0, space)
    if (text.length > space) tail = (tail + text.slice(space)).slice(-KEPT)
    total += text.length
  }
  await eachChunk(system, file, 0, take)
  return { head, cut: total - head.length - tail.length, tail }
}

/** Bytes of the longest file that is taken whole. */
const MOST_WHOLE = 1_048_576

/** Whole text of a regular file of the host; `cannot answer now` when it is over a MiB. */
export const readWhole = (system: System, path: string): Promise<string> =>
  system.withFile(path, async (file) => {
    let text = ''
    await eachChunk(system, file, 0, (chunk) => {
      text += chunk.toString('latin1')
      if (text.length > MOST_WHOLE) throw cannotAnswerNow(`${path} is over ${MOST_WHOLE} bytes`)
    })
    return text
  })

/** Newlines in a file, as wc -l counts them. */
export async function countLines(system: System, file: OpenFile): Promise<number> {
  let lines = 0
  await eachChunk(system, file, 0, (chunk) => {
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) lines++
  })
  return lines
}

/** Where two files differ first, as cmp(1) counts: from 1; undefined when they are equal. */
export async function firstDifference(
  system: System,
  one: OpenFile,
  other: OpenFile,
): Promise<number | undefined> {
  const end = performance.now() + patience(system.deadline)
  const [a, b] = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)]
  for (let position = 0; ; ) {
    const [n, m] = await Promise.all([fill(one, a, position), fill(other, b, position)])
    const length = Math.min(n, m)
    if (a.compare(b, 0, length, 0, length) !== 0) {
      let at = 0
      while (a[at] === b[at]) at++
      return position + at + 1
    }
    if (n !== m) return position + length + 1
    if (n === 0) return undefined
    position += n
    if (performance.now() > end)
      throw cannotAnswerNow(
        `${position} bytes compared, and no end, in ${patience(system.deadline)} ms`,
      )
  }
}

/** Fills the buffer as far as the file goes: /proc gives less than is asked for. */
async function fill(file: OpenFile, buffer: Buffer, position: number): Promise<number> {
  let end = 0
  while (end < buffer.length) {
    const n = await file.read(buffer.subarray(end), position + end)
    if (n === 0) break
    end += n
  }
  return end
}
