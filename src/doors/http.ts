import { X509Certificate } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { encodeResponse, type HttpRequest, type HttpResponse } from '../codec/http.ts'
import type { Door, Room, Site } from './door.ts'
import { readHead } from './head.ts'
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

/** Answers one request. */
export type Respond = (request: HttpRequest) => Promise<HttpResponse>

const PATIENCE = 10_000
/** Bytes of a request line: a key of 512 bytes, each of them escaped. */
const LINE_LIMIT = 2_048
/** Bytes behind the head that are read away, so that closing does not take the reply with it. */
const MOST_READ = 1_048_576
/** How a request that could not be read is replied to. */
const PLAIN = { method: 'GET', simple: false }
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

  /** Throws a sentence when the TLS files are no certificate and key. */
  constructor(options: HttpOptions, room: Pick<Room, 'vitals' | 'hourly'>, respond: Respond) {
    this.#room = room
    this.#respond = respond
    this.#patience = options.patience ?? PATIENCE
    this.#scheme = options.tls ? 'https' : 'http'
    if (options.tls) checkTls(options.tls)
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
    const serve = (socket: Socket): void => void this.#serve(socket)
    // Who ends his half after the request still gets the reply.
    if (!tls) return createServer({ allowHalfOpen: true }, serve)
    const options: TlsOptions = {
      ...tls,
      allowHalfOpen: true,
      handshakeTimeout: this.#patience,
      ...(tls.ca && { requestCert: true, rejectUnauthorized: true }),
    }
    const server = createTlsServer(options, serve)
    return server.on('tlsClientError', (error: Error & { reason?: string }, socket) => {
      const { remoteAddress } = socket
      // Node leaves that to us where the handshake takes too long.
      socket.destroy()
      if (remoteAddress === undefined) return
      const reason = error.reason ?? error.message
      this.#room.hourly(`tls ${remoteAddress}`, `no TLS with ${remoteAddress}: ${reason}`)
    })
  }

  async #serve(socket: Socket): Promise<void> {
    socket.on('error', () => socket.destroy())
    const head = await readHead(socket, LINE_LIMIT, this.#patience)
    if (!head) socket.destroy()
    else if ('status' in head) this.#farewell(socket, PLAIN, refuse(head))
    else this.#farewell(socket, head, await this.#answer(head))
  }

  async #answer(request: HttpRequest): Promise<HttpResponse> {
    try {
      return await this.#respond(request)
    } catch (error) {
      this.#room.hourly('http', `fault in ${request.target}: ${(error as Error).stack}`)
      return refuse({ status: 503, reason: 'internal error' }, request.json)
    }
  }

  /** Sends the response, ends, and lets the client read it. */
  #farewell(
    socket: Socket,
    request: Pick<HttpRequest, 'method' | 'simple'>,
    response: HttpResponse,
  ): void {
    if (socket.destroyed) return
    this.#room.vitals.requests++
    if (response.status >= 400) this.#room.vitals.errors++
    let read = 0
    const timer = setTimeout(() => socket.destroy(), this.#patience)
    socket.once('close', () => clearTimeout(timer))
    socket.resume().on('data', (chunk) => {
      read += chunk.length
      if (read > MOST_READ) socket.destroy()
    })
    socket.end(encodeResponse(response, request), 'latin1')
  }
}

function checkTls(tls: TlsFiles): void {
  try {
    createSecureContext(tls)
    // Without a certificate in it, it would keep everybody out, and say nothing.
    if (tls.ca) new X509Certificate(tls.ca)
  } catch (error) {
    throw new Error(`unable to use the certificate and key: ${(error as Error).message}`)
  }
}
