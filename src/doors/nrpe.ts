import { createServer, type Server, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { QueryRules } from '../codec/nrpe-query.ts'
import type { RunCommand } from '../core/command.ts'
import type { Door, Room, Site } from './door.ts'
import { Exchange } from './nrpe-exchange.ts'
import type { Secure } from './nrpe-tls.ts'
import { type Bounds, TcpDoor } from './tcp.ts'

/** How queries are taken and answered; it may be another one for each connection. */
export interface NrpeRules extends QueryRules {
  readonly run: RunCommand
  /** What a query without a command is told: `NRPE v…`. */
  readonly version: string
  /** Milliseconds that a whole query may take to come. */
  readonly patience: number
  /** Milliseconds that a client may take to close after its answer. */
  readonly farewell: number
  /** TLS, and nothing else is answered; undefined: no TLS. */
  readonly secure: Secure | undefined
  /** Log each query with its answer. */
  readonly debug: boolean
}

/** A Nagios server asks many commands of a host at once, and each may take a minute. */
const BOUNDS: Bounds = { most: 400, mostOfOne: 200 }

/** NRPE over TCP: one query and one answer a connection. */
export class NrpeDoor implements Door {
  readonly #tcp: TcpDoor
  readonly #room: Room
  readonly #rules: () => NrpeRules
  readonly #exchanges = new Set<Exchange>()
  #drained: (() => void) | undefined

  constructor(site: Site, room: Room, rules: () => NrpeRules, bounds: Bounds = BOUNDS) {
    this.#room = room
    this.#rules = rules
    this.#tcp = new TcpDoor(site, bounds, room, () => this.#server())
  }

  get places(): string[] {
    return this.#tcp.places
  }

  open(): Promise<void> {
    return this.#tcp.open()
  }

  /** Cuts off those that have not asked yet, and resolves when the others have their answers. */
  drain(): Promise<void> {
    this.#tcp.stop()
    for (const exchange of this.#exchanges) exchange.leave()
    return new Promise((resolve) => {
      this.#drained = resolve
      if (this.#exchanges.size === 0) resolve()
    })
  }

  close(): void {
    this.#tcp.close()
  }

  #server(): Server {
    return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      if (socket.destroyed) return
      const rules = this.#rules()
      const { secure } = rules
      if (secure) secure.wrap(socket, (wrapped) => this.#begin(wrapped, rules))
      else this.#begin(socket, rules)
    })
  }

  #begin(socket: Socket | TLSSocket, rules: NrpeRules): void {
    const exchange = new Exchange(socket, rules, this.#room)
    this.#exchanges.add(exchange)
    socket.once('close', () => {
      this.#exchanges.delete(exchange)
      if (this.#exchanges.size === 0) this.#drained?.()
    })
  }
}
