import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { cannotAnswerNow, codeOf, noSuchObject } from '../core/errors.ts'
import { Turns } from '../core/turns.ts'
import { patience } from './guard.ts'

/** Bytes of the longest record, CONSOLE_EXT_LOG_MAX of the kernel's printk. */
const RECORD = 8_192
/** The character device 1:11. Some containers have a link to the console in its place. */
const KMSG = 0x010b
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/**
 * Messages in `6,339,5140900,-;text`, one record or more of /dev/kmsg (Documentation/ABI of the
 * kernel); lines that begin with a blank are fields of the record before. What the kernel wrote as
 * `\x1b` is a byte again.
 */
export const parseKmsg = (text: string): string[] =>
  [...text.matchAll(/^\d+,\d+,\d+,[^;\n]*;(.*)$/gm)].map(([, message = '']) => unescaped(message))

const unescaped = (message: string): string =>
  message.replace(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))

const isKmsg = (stats: Stats): boolean =>
  stats.isFile() || (stats.isCharacterDevice() && stats.rdev === KMSG)

type Take = (message: string) => void

/**
 * The kernel's ring buffer below a root. It is read once for all who ask before the reading begins:
 * readings beside each other would take their turns of the event loop one after the other.
 */
export class KernelLog {
  readonly #root: string
  readonly #deadline: number
  #waiting: Take[] = []
  #last: Promise<unknown> = Promise.resolve()
  #next: Promise<void> | undefined

  constructor(root: string, deadline: number) {
    this.#root = root
    this.#deadline = deadline
  }

  /** Hands on each message. Rejects with errno errors and Refused. */
  each(take: Take): Promise<void> {
    this.#waiting.push(take)
    this.#next ??= this.#afterLast()
    return this.#next
  }

  /** Whoever asks during a reading, or in the same turn of the event loop, shares the one after it. */
  async #afterLast(): Promise<void> {
    await this.#last
    await new Promise<void>((resolve) => setImmediate(resolve))
    const takers = this.#waiting
    this.#waiting = []
    this.#next = undefined
    const reading = this.#read(takers)
    this.#last = reading.catch(() => {})
    return reading
  }

  async #read(takers: readonly Take[]): Promise<void> {
    const path = `${this.#root === '/' ? '' : this.#root}/dev/kmsg`
    if (!isKmsg(statSync(path))) throw noSuchObject(`${path} is not the kernel's`)
    const fd = openSync(path, FLAGS)
    try {
      if (!isKmsg(fstatSync(fd))) throw noSuchObject(`${path} is not the kernel's`)
      await drain(fd, performance.now() + patience(this.#deadline), takers)
    } finally {
      closeSync(fd)
    }
  }
}

async function drain(fd: number, end: number, takers: readonly Take[]): Promise<void> {
  const buffer = Buffer.allocUnsafe(RECORD)
  const turns = new Turns()
  for (;;) {
    const text = next(fd, buffer)
    if (text === '') return
    for (const message of parseKmsg(text ?? '')) for (const take of takers) take(message)
    if (performance.now() > end) throw cannotAnswerNow('too many kernel messages to read in time')
    if (turns.over) await turns.next()
  }
}

/** Empty at the end; undefined when records were overwritten before they were read. */
function next(fd: number, buffer: Buffer): string | undefined {
  try {
    return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, null))
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return ''
    if (codeOf(error) === 'EPIPE') return undefined
    // Before Linux 3.5 it could only be written to.
    if (codeOf(error) === 'EINVAL') throw noSuchObject('this kernel has no /dev/kmsg to read')
    throw error
  }
}
