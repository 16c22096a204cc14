// Clients of the HTTP door that no door wants. Each runs until it is stopped.
import { connect, type Socket } from 'node:net'

export interface Attack {
  /** Connections that were tried so far. */
  tried(): number
  stop(): void
}

/** Keeps `count` connections open from some sources; each one that is closed is opened again a second later. */
export function keepOpen(
  port: number,
  count: number,
  sources: readonly string[],
  use: (socket: Socket) => void,
): Attack {
  const open = new Set<Socket>()
  let [tried, stopped] = [0, false]
  const begin = (i: number): void => {
    if (stopped) return
    tried++
    const localAddress = sources[i % sources.length] ?? '127.0.0.1'
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    open.add(socket)
    socket.on('error', () => undefined).on('connect', () => use(socket))
    socket.on('close', () => {
      open.delete(socket)
      setTimeout(begin, 1_000, i)
    })
  }
  for (let i = 0; i < count; i++) begin(i)
  return {
    tried: () => tried,
    stop: () => {
      stopped = true
      for (const socket of open) socket.destroy()
    },
  }
}

const PIPELINE = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2_000)
const CHUNKED = `GET /load1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(10_000)}`

/** What a connection may be used for. */
export const USES: Readonly<Record<string, (socket: Socket) => void>> = {
  'nothing is sent': () => undefined,
  'a header drips': (socket) => {
    socket.write('GET / HTTP/1.1\r\n')
    const timer = setInterval(() => socket.write('a: b\r\n'), 50)
    socket.on('close', () => clearInterval(timer))
  },
  'the page is asked for and never read': (socket) => {
    socket.pause()
    socket.write('GET / HTTP/1.1\r\n\r\n')
  },
  'two thousand requests in one': (socket) => void socket.write(PIPELINE),
  'a chunked body': (socket) => void socket.write(CHUNKED),
  'an overlong line': (socket) => void socket.write(`GET /${'x'.repeat(60_000)}`),
  'an absolute URL, escapes, a bad key': (socket) =>
    void socket.write('GET http://127.0.0.1/%6c%6F%61%64%00%zz HTTP/1.1\r\n\r\n'),
  'a reset': (socket) => {
    socket.write('GET /metrics HTTP/1.1\r\n\r\n')
    socket.resetAndDestroy()
  },
}
