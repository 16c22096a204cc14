import type { Readable } from 'node:stream'
import { decodeHead, type HttpFault, type HttpRequest } from '../codec/http.ts'

/**
 * Reads the head of a request; a fault when it is none, or not whole within so many milliseconds;
 * undefined when the stream ends before a byte came. What follows the head stays unread.
 */
export function readHead(
  stream: Readable,
  lineLimit: number,
  milliseconds: number,
): Promise<HttpRequest | HttpFault | undefined> {
  return new Promise((resolve) => {
    let bytes = ''
    const done = (head: HttpRequest | HttpFault | undefined): void => {
      clearTimeout(timer)
      stream.off('data', take).off('end', end).off('close', close).pause()
      resolve(head)
    }
    const take = (chunk: string): void => {
      bytes += chunk
      const head = decodeHead(bytes, lineLimit)
      if (head) done(head)
    }
    const end = (): void => done(bytes === '' ? undefined : decodeHead(bytes, lineLimit, true))
    const close = (): void => done(undefined)
    const late = (): void => done({ status: 408, reason: 'no whole request in time' })
    const timer = setTimeout(late, milliseconds)
    stream.setEncoding('latin1').on('data', take).on('end', end).on('close', close)
    // Kept for what comes later: a reset would else end the process.
    stream.on('error', close)
  })
}
