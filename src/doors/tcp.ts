import type { AddressInfo, Server, Socket } from 'node:net'
import type { Door, Room, Site } from './door.ts'
import { place, unableToBind } from './places.ts'

/** Connections at once that a door keeps. */
export interface Bounds {
  /** Of all sources together. */
  readonly most: number
  /** Of one address. */
  readonly mostOfOne: number
}

/** All addresses, of IPv6 and IPv4 or, where the kernel has no IPv6, of IPv4 alone. */
const ALL = ['::', '0.0.0.0']

/**
 * A door of connections. It lets only clients in, and no more of them than its bounds say; the
 * others are cut off before a byte is read. `makeServer` makes a server of node:net, tls or http.
 */
export class TcpDoor implements Door {
  readonly #site: Site
  readonly #bounds: Bounds
  readonly #room: Pick<Room, 'vitals' | 'hourly'>
  readonly #makeServer: () => Server
  readonly #servers: Server[] = []
  readonly #open = new Set<Socket>()
  readonly #sources = new Map<string, number>()

  constructor(
    site: Site,
    bounds: Bounds,
    room: Pick<Room, 'vitals' | 'hourly'>,
    makeServer: () => Server,
  ) {
    this.#site = site
    this.#bounds = bounds
    this.#room = room
    this.#makeServer = makeServer
  }

  get places(): string[] {
    return this.#servers.map((server) => {
      const { address, port } = server.address() as AddressInfo
      return place(address, port)
    })
  }

  async open(): Promise<void> {
    const { listen } = this.#site
    try {
      if (listen.length === 0) await this.#listenOnAll()
      else for (const address of listen) await this.#listen(address)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Takes no more connections. */
  stop(): void {
    for (const server of this.#servers) server.close()
    this.#servers.length = 0
  }

  /** Takes no more connections, and ends those that are open. */
  close(): void {
    this.stop()
    for (const socket of this.#open) socket.destroy()
  }

  async #listenOnAll(): Promise<void> {
    const [first = '', second = ''] = ALL
    if (this.#site.family === 4) return this.#listen(second)
    await this.#listen(first).catch((error: Error & { cause?: NodeJS.ErrnoException }) => {
      if (!NO_IPV6.has(error.cause?.code ?? '') || this.#site.family === 6) throw error
      return this.#listen(second)
    })
  }

  #listen(address: string): Promise<void> {
    const server = this.#makeServer()
    server.prependListener('connection', (socket: Socket) => this.#admit(socket))
    // A port that the kernel picked for the first address serves the others, too.
    const known = this.#servers[0]?.address() as AddressInfo | undefined
    const port = known?.port ?? this.#site.port
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void =>
        reject(Object.assign(unableToBind(place(address, port), error), { cause: error }))
      server.once('error', failed)
      const { family, backlog } = this.#site
      const how = { exclusive: true, ipv6Only: family === 6, ...(backlog && { backlog }) }
      server.listen({ host: address, port, ...how }, () => {
        server.off('error', failed)
        // EMFILE on accept(2): the connection waits in the kernel's queue, or its client gives up.
        server.on('error', () => this.#room.vitals.unsent++)
        this.#servers.push(server)
        resolve()
      })
    })
  }

  #admit(socket: Socket): void {
    // A connection that was reset meanwhile has no address.
    const address = socket.remoteAddress ?? ''
    const { vitals, hourly } = this.#room
    const reason = this.#reasonAgainst(address)
    socket.on('error', () => socket.destroy())
    if (reason !== undefined) {
      vitals.refused++
      if (address !== '') hourly(address, `refused ${address}: ${reason}`)
      socket.destroy()
      return
    }
    this.#open.add(socket)
    this.#sources.set(address, (this.#sources.get(address) ?? 0) + 1)
    socket.once('close', () => this.#forget(socket, address))
  }

  #reasonAgainst(address: string): string | undefined {
    const { most, mostOfOne } = this.#bounds
    if (!this.#site.allow(address)) return 'not on the list of clients'
    if (this.#open.size >= most) return `${most} connections are open`
    if ((this.#sources.get(address) ?? 0) >= mostOfOne)
      return `${mostOfOne} connections of it are open`
    return undefined
  }

  #forget(socket: Socket, address: string): void {
    this.#open.delete(socket)
    const left = (this.#sources.get(address) ?? 1) - 1
    if (left > 0) this.#sources.set(address, left)
    else this.#sources.delete(address)
  }
}

const NO_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])
