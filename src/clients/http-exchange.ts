import { connect, type Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { decodeResponse, encodePath } from '../codec/http.ts'
import { type Ended, type Exchange, familyOf } from './exchange.ts'

/** Bytes of a reply. */
const MOST = 1_048_576

/** By HTTP/1.0, over TLS with `tls`: `host` is what the server is called, and its certificate. */
export const httpExchange =
  (host: string, tls?: ConnectionOptions): Exchange =>
  async (address, port, request, deadline) => {
    const start = performance.now()
    const connection = { host: address, port }
    const socket: Socket = tls
      ? (await import('node:tls')).connect({
          ...tls,
          ...connection,
          ...(familyOf(host) === 0 && { servername: host }),
        })
      : connect(connection)
    const name = host.includes(':') ? `[${host}]` : host
    const path = encodePath(request.replace(/\n$/, ''))
    socket.write(`GET ${path} HTTP/1.0\r\nHost: ${name}:${port}\r\n\r\n`, 'latin1')
    return receive(socket, start, deadline).finally(() => socket.destroy())
  }

function receive(socket: Socket, start: number, deadline: number): Promise<Ended> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const timer = setTimeout(() => resolve({ kind: 'silence', retries: 0 }), deadline)
    const end = (ended: Ended): void => {
      clearTimeout(timer)
      resolve(ended)
    }
    const look = (ended: boolean): void => {
      const bytes = Buffer.concat(chunks)
      const reply = decodeResponse(bytes, ended)
      if (bytes.length > MOST) end({ kind: 'failed', reason: `a reply over ${MOST} bytes` })
      else if (reply?.whole && bytes.length > 0) end(meaning(reply, performance.now() - start))
      else if (ended) end({ kind: 'failed', reason: reason(bytes) })
    }
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      look(false)
    })
    socket.on('end', () => look(true))
    socket.on('error', (error: NodeJS.ErrnoException) => end(failure(error)))
  })
}

const reason = (bytes: Buffer): string =>
  bytes.length > 0
    ? 'the reply ends too early'
    : 'the connection was closed without a reply: this host may not be on its list of clients'

function failure({ code, message }: NodeJS.ErrnoException): Ended {
  if (code === 'ECONNREFUSED') return { kind: 'refused' }
  return { kind: 'failed', reason: code === 'ECONNRESET' ? reason(Buffer.alloc(0)) : message }
}

/** An error of knoerred is a reply; that of another server is none. */
function meaning(reply: { status: string | undefined; body: Buffer }, trip: number): Ended {
  const { status = '200', body } = reply
  if (!status.startsWith('200') && !body.includes('error:'))
    return { kind: 'failed', reason: `HTTP ${status}` }
  return { kind: 'reply', packet: body, trip, at: Date.now(), retries: 0 }
}
