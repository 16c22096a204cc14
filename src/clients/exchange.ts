import { createSocket, type Socket } from 'node:dgram'

/** How an exchange ended. Times are in milliseconds. */
export type Ended =
  | {
      readonly kind: 'reply'
      readonly packet: Buffer
      readonly trip: number
      /** When the reply came, milliseconds of the epoch. */
      readonly at: number

      readonly retries: number
    }
  | { readonly kind: 'refused' }
  | { readonly kind: 'silence'; readonly retries: number }
  | { readonly kind: 'failed'; readonly reason: string }

/** 4 or 6 for what looks like an address, 0 for a name. Loading node:net for it costs a start 5 percent. */
export const familyOf = (host: string): 4 | 6 | 0 =>
  host.includes(':') ? 6 : /^\d+(\.\d+){3}$/.test(host) ? 4 : 0

/** Milliseconds until it asks again, doubled each time: a packet may be lost either way. */
const FIRST_PATIENCE = 300

/** Asks an address by a request (bytes), for so many milliseconds. */
export type Exchange = (
  address: string,
  port: number,
  request: string,
  deadline: number,
) => Promise<Ended>

/** By UDP: until it answers or the deadline comes. Only the asked address is listened to. */
export function exchange(
  address: string,
  port: number,
  request: string,
  deadline: number,
): Promise<Ended> {
  const family = familyOf(address) || 4
  const socket = createSocket({
    type: `udp${family}`,
    // A socket of our own knows addresses only: nothing is resolved behind our back.
    lookup: (host, _options, callback) => callback(null, host, family),
  })
  return new Promise<Ended>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'ECONNREFUSED'
          ? { kind: 'refused' }
          : { kind: 'failed', reason: error.message },
      ),
    )
    socket.connect(port, address, () =>
      ask(socket, Buffer.from(request, 'latin1'), deadline, resolve),
    )
  }).finally(() => socket.close())
}

function ask(
  socket: Socket,
  request: Buffer,
  deadline: number,
  resolve: (ended: Ended) => void,
): void {
  let retries = -1
  let sent = 0
  let timer: NodeJS.Timeout
  const send = (patience: number): void => {
    retries++
    sent = performance.now()
    socket.send(request)
    timer = setTimeout(send, patience, patience * 2)
  }
  const end = (ended: Ended): void => {
    clearTimeout(timer)
    clearTimeout(last)
    resolve(ended)
  }
  const last = setTimeout(() => end({ kind: 'silence', retries }), deadline)
  socket.on('error', () => end({ kind: 'refused' }))
  socket.on('message', (packet) =>
    end({ kind: 'reply', packet, trip: performance.now() - sent, at: Date.now(), retries }),
  )
  send(FIRST_PATIENCE)
}
