import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { decodeRequest, encodeReply } from '../codec/knoerre.ts'
import { answerRequest } from '../core/answer.ts'
import { isRefusal, type Reply } from '../core/check.ts'
import type { Vitals } from '../core/vitals.ts'
import type { Allow } from './allow.ts'
import type { Door, Room } from './door.ts'
import { place, unableToBind } from './places.ts'

export interface UdpOptions extends Room {
  readonly port: number
  /** The local addresses to listen on, as they are now. */
  readonly addresses: () => readonly string[]
  readonly allow: Allow
  /** Bytes of the longest reply; undefined: what one Ethernet frame holds. */
  readonly maxReply: number | undefined
}

/** Ethernet's 1500 bytes less the headers of IP and UDP. */
const FRAME = { ipv4: 1472, ipv6: 1452 }
/** Bytes asked of the kernel for requests that wait; net.core.rmem_max may grant fewer. */
const RECEIVE_BUFFER = 4 * 1024 * 1024
/** What every kernel has without being asked. */
const LEAST_BUFFER = 65_536
/** Milliseconds between looks at the local addresses. */
const LOOK = 3_000
/** Looks that an address may be missing before its socket goes: links flap. */
const MISSED = 3

interface Listener {
  readonly socket: Socket
  missed: number
}

/**
 * Answers datagrams. One socket for each local address, so that a reply leaves from the address
 * that was asked: Node does not tell the address a datagram was sent to.
 */
export class UdpDoor implements Door {
  readonly #options: UdpOptions
  readonly #listeners = new Map<string, Listener>()
  readonly #limits: { ipv4: number; ipv6: number }
  #port: number
  #timer: NodeJS.Timeout | undefined
  readonly #vitals: Vitals

  constructor(options: UdpOptions) {
    this.#options = options
    this.#vitals = options.vitals
    this.#port = options.port
    const { maxReply } = options
    this.#limits = { ipv4: maxReply ?? FRAME.ipv4, ipv6: maxReply ?? FRAME.ipv6 }
  }

  get places(): string[] {
    return [...this.#listeners.keys()].map((address) => place(address, this.#port))
  }

  /** Listens on all addresses, and on those that come later. */
  async open(): Promise<void> {
    for (const address of this.#options.addresses())
      await this.#listen(address).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRNOTAVAIL') return
        this.close()
        throw unableToBind(place(address, this.#port), error)
      })
    if (this.#listeners.size === 0) throw new Error('unable to bind: no local address to listen on')
    this.#timer = setInterval(() => void this.#look(), LOOK)
    this.#timer.unref()
  }

  close(): void {
    clearInterval(this.#timer)
    for (const { socket } of this.#listeners.values()) socket.close()
    this.#listeners.clear()
  }

  /** Opens sockets for addresses that came, closes those of addresses that have gone. */
  async #look(): Promise<void> {
    const addresses = this.#addresses()
    if (!addresses) return
    for (const address of this.#vitals.unbound.keys())
      if (!addresses.has(address)) this.#vitals.unbound.delete(address)
    for (const [address, listener] of this.#listeners) {
      listener.missed = addresses.has(address) ? 0 : listener.missed + 1
      if (listener.missed < MISSED) continue
      listener.socket.close()
      this.#listeners.delete(address)
    }
    for (const address of addresses)
      if (!this.#listeners.has(address))
        await this.#listen(address).catch((error: Error) => this.#complain(address, error))
  }

  /** Undefined when the kernel cannot say, for want of a descriptor: then all stays as it is. */
  #addresses(): Set<string> | undefined {
    try {
      return new Set(this.#options.addresses())
    } catch {
      return undefined
    }
  }

  /** Says once for each address that it cannot be bound. */
  #complain(address: string, error: Error): void {
    const { message } = unableToBind(place(address, this.#port), error)
    if (this.#vitals.unbound.get(address) === message) return
    this.#vitals.unbound.set(address, message)
    this.#options.log(message)
  }

  #listen(address: string): Promise<void> {
    const type = isIPv6(address) ? 'udp6' : 'udp4'
    const limit = type === 'udp6' ? this.#limits.ipv6 : this.#limits.ipv4
    // Without a lookup of its own, dgram asks dns.lookup for each reply, and sends a tick later.
    const socket = createSocket({
      type,
      lookup: (host, _options, callback) => callback(null, host, type === 'udp6' ? 6 : 4),
    })
    socket.on('message', (packet, from) => this.#receive(socket, packet, from, limit))
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => {
        socket.close()
        reject(error)
      }
      socket.once('error', failed)
      socket.bind({ address, port: this.#port, exclusive: true }, () => {
        socket.off('error', failed)
        widen(socket)
        socket.on('error', () => this.#vitals.unsent++)
        this.#port = socket.address().port
        this.#listeners.set(address, { socket, missed: 0 })
        this.#vitals.unbound.delete(address)
        this.#vitals.ports.add(this.#port)
        resolve()
      })
    })
  }

  #receive(socket: Socket, packet: Buffer, from: RemoteInfo, limit: number): void {
    const { allow, ask, hourly } = this.#options
    if (!allow(from.address)) {
      this.#vitals.refused++
      hourly(from.address, `refused ${from.address}: not on the list of clients`)
      return
    }
    this.#vitals.requests++
    const questions = decodeRequest(packet)
    if (questions.length === 0) return
    const reply = answerRequest(ask, questions)
    const key = questions[0]?.key ?? ''
    if (reply instanceof Promise)
      void reply.then((late) => this.#send(socket, key, late, from, limit))
    else this.#send(socket, key, reply, from, limit)
  }

  #send(socket: Socket, key: string, reply: Reply, to: RemoteInfo, limit: number): void {
    if (isRefusal(reply)) this.#vitals.errors++
    const packet = Buffer.from(encodeReply(key, reply, limit), 'latin1')
    try {
      socket.send(packet, 0, packet.length, to.port, to.address, this.#sent)
    } catch {
      // The port may be 0 in a forged packet; the socket may have been closed since.
      this.#vitals.unsent++
    }
  }

  readonly #sent = (error: Error | null): void => {
    if (error) this.#vitals.unsent++
  }
}

/** Linux grants what it may; the BSDs refuse what is more than they grant. */
export function widen(socket: Pick<Socket, 'setRecvBufferSize'>): void {
  for (let size = RECEIVE_BUFFER; size >= LEAST_BUFFER; size /= 2)
    try {
      socket.setRecvBufferSize(size)
      return
    } catch {
      // Half of it, then.
    }
}
