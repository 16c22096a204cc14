import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import {
  decodeHead,
  encodeResponse,
  type HttpFault,
  type HttpRequest,
  type HttpResponse,
} from '../codec/http.ts'
import type { Door, Room, Site } from './door.ts'
import { refuse } from './keyroute.ts'
import { TcpDoor } from './tcp.ts'

/** Certificate and key of the door in PEM; with `ca`, clients show a certificate of theirs. */
export interface TlsFiles {
  readonly cert: Buffer
  readonly key: Buffer
  readonly ca?: Buffer
}

export interface HttpOptions extends Site {
  readonly tls?: TlsFiles | undefined
  /** Milliseconds that each may take: the head of a request, and the client's reading of the reply. */
  readonly patience?: number
}

/** Answers one request. Never rejects. */
export type Respond = (request: HttpRequest) => Promise<HttpResponse>

const PATIENCE = 10_000
/** Bytes of a request line: a key of 512 bytes, each of them escaped. */
const LINE_LIMIT = 2_048
/** Bytes behind the head that are read away, so that closing does not take the reply with it. */
const MOST_READ = 1_048_576
const BOUNDS = { most: 256, mostOfOne: 64 }

/**
 * Answers one HTTP request a connection and closes it: what is pipelined behind it, and bodies, are
 * never looked at.
 */
export class HttpDoor implements Door {
  readonly #door: TcpDoor
  readonly #room: Pick<Room, 'vitals' | 'hourly'>
  readonly #respond: Respond
  readonly #patience: number
  readonly #scheme: string

  /** Throws when the TLS files are no certificate and key. */
  constructor(options: HttpOptions, room: Pick<Room, 'vitals' | 'hourly'>, respond: Respond) {
    this.#room = room
    this.#respond = respond
    this.#patience = options.patience ?? PATIENCE
    this.#scheme = options.tls ? 'https' : 'http'
    this.#door = new TcpDoor(options, BOUNDS, room, () => this.#server(options.tls))
  }

  get places(): string[] {
    return this.#door.places.map((place) => `${this.#scheme}://${place}/`)
  }

  open(): Promise<void> {
    return this.#door.open()
  }

  close(): void {
    this.#door.close()
  }

  #server(tls: TlsFiles | undefined): Server {
    const serve = (socket: Socket): void => this.#serve(socket)
    // Who ends his half after the request still gets the reply.
    if (!tls) return createServer({ allowHalfOpen: true }, serve)
    const options: TlsOptions = {
      ...tls,
      allowHalfOpen: true,
      handshakeTimeout: this.#patience,
      ...(tls.ca && { requestCert: true, rejectUnauthorized: true }),
    }
    return createTlsServer(options, serve).on('tlsClientError', (error, { remoteAddress }) => {
      if (remoteAddress !== undefined)
        this.#room.hourly(`tls ${remoteAddress}`, `no TLS with ${remoteAddress}: ${error.message}`)
    })
  }

  #serve(socket: Socket): void {
    let bytes = ''
    const timer = setTimeout(
      () => this.#refuse(socket, { status: 408, reason: 'no whole request in time' }),
      this.#patience,
    )
    const look = (ended: boolean): void => {
      const head = decodeHead(bytes, LINE_LIMIT, ended)
      if (!head) return
      clearTimeout(timer)
      socket.removeAllListeners('data').removeAllListeners('end')
      if ('status' in head) this.#refuse(socket, head)
      else void this.#answer(socket, head)
    }
    socket.setEncoding('latin1')
    socket.on('error', () => socket.destroy())
    socket.once('close', () => clearTimeout(timer))
    socket.on('data', (chunk) => {
      bytes += chunk
      look(false)
    })
    socket.on('end', () => look(true))
  }

  async #answer(socket: Socket, request: HttpRequest): Promise<void> {
    this.#farewell(socket, request, await this.#respond(request))
  }

  #refuse(socket: Socket, fault: HttpFault): void {
    this.#farewell(socket, { method: 'GET', simple: false }, refuse(fault))
  }

  /** Sends the response, ends, and lets the client read it. */
  #farewell(
    socket: Socket,
    request: Pick<HttpRequest, 'method' | 'simple'>,
    response: HttpResponse,
  ): void {
    this.#room.vitals.requests++
    if (response.status >= 400) this.#room.vitals.errors++
    if (socket.destroyed) return
    let read = 0
    const timer = setTimeout(() => socket.destroy(), this.#patience)
    socket.once('close', () => clearTimeout(timer))
    socket.on('data', (chunk) => {
      read += chunk.length
      if (read > MOST_READ) socket.destroy()
    })
    socket.end(encodeResponse(response, request), 'latin1')
  }
}
