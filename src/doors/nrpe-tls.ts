import type { Socket } from 'node:net'
import {
  createSecureContext,
  createServer,
  DEFAULT_CIPHERS,
  type SecureVersion,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls'
import type { NrpeTls } from '../codec/nrpe-directives.ts'
import type { Room } from './door.ts'
import { handshakeProblem, reasonOf, type SslError } from './nrpe-handshake.ts'

/** What makes a connection secret. */
export interface Secure {
  /** What it is, for the log. */
  readonly name: string
  /** Shakes hands; who does not manage is cut off, and named in the log once an hour. */
  wrap(socket: Socket, ready: (wrapped: TLSSocket) => void): void
}

/** The PEM texts that the configuration names. */
export interface Pems {
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
}

/** ffdhe2048 of RFC 7919, as long as the group of the original. */
const GROUP = `-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
`

/**
 * Suites without a certificate that check_nrpe offers. Elliptic curves first: a handshake costs both
 * sides 1 ms of CPU with them and 7 ms without (measured); old clients know only the others.
 */
const ANONYMOUS = 'AECDH-AES256-SHA:ADH-AES256-GCM-SHA384:ADH-AES256-SHA'
/** Milliseconds that a handshake may take. */
const PATIENCE = 5_000

const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

/** The ends of `ssl_version`: `TLSv1.2` is that one, `TLSv1.2+` that one and all above. */
export function versionRange(version: string | undefined): [SecureVersion, SecureVersion] {
  if (version === undefined) return ['TLSv1.2', 'TLSv1.3']
  const least = VERSIONS.find((one) => one === version.replace('+', '')) ?? 'TLSv1'
  return [least, version.endsWith('+') ? 'TLSv1.3' : least]
}

/** Options of a server without a certificate: encrypted, not authenticated; TLS 1.2 at most. */
function anonymousOptions({ version, ciphers }: NrpeTls): TlsOptions {
  const [least, most] =
    version === undefined ? (['TLSv1', 'TLSv1.2'] as const) : versionRange(version)
  if (least === 'TLSv1.3') throw new Error(`ssl_version=${version} needs ssl_cert_file`)
  return {
    ciphers: ciphers ?? `${ANONYMOUS}:@SECLEVEL=0`,
    dhparam: GROUP,
    minVersion: least,
    maxVersion: most === 'TLSv1.3' ? 'TLSv1.2' : most,
  }
}

/** Options of a server with a certificate; anonymous suites only where the file asks for them. */
function certifiedOptions(tls: NrpeTls, { ca, cert, key }: Pems): TlsOptions {
  const [least, most] = versionRange(tls.version)
  const anonymous = tls.anonymous === 1 && tls.clientCerts === 0
  const old = least === 'TLSv1' || least === 'TLSv1.1'
  const usual = old ? `${DEFAULT_CIPHERS}:@SECLEVEL=0` : DEFAULT_CIPHERS
  const listed = tls.ciphers ?? (anonymous ? `${usual}:${ANONYMOUS}:@SECLEVEL=0` : usual)
  return {
    cert,
    key,
    ...(ca !== undefined && { ca }),
    ciphers: anonymous ? listed : `${listed}:!aNULL`,
    dhparam: GROUP,
    minVersion: least,
    maxVersion: most,
    requestCert: tls.clientCerts > 0,
    rejectUnauthorized: tls.clientCerts === 2,
  }
}

/** TLS as the configuration wants it. Throws a sentence when it cannot be so. */
export function makeSecure(tls: NrpeTls, pems: Pems, room: Pick<Room, 'log' | 'hourly'>): Secure {
  const { cert, key, ca } = pems
  const anonymous = cert === undefined || tls.anonymous === 2
  if (cert === undefined && tls.anonymous === 0)
    throw new Error('ssl_use_adh=0 needs ssl_cert_file and ssl_privatekey_file')
  if ((cert === undefined) !== (key === undefined))
    throw new Error('ssl_cert_file and ssl_privatekey_file need each other')
  if (tls.clientCerts > 0 && (ca === undefined || anonymous))
    throw new Error('ssl_client_certs needs ssl_cacert_file and ssl_cert_file')
  const empty = Object.entries(pems).find(
    ([, pem]) => pem !== undefined && !pem.includes('-----BEGIN'),
  )
  if (empty) throw new Error(`TLS cannot be set up: no PEM in the file of the ${empty[0]}`)
  const options = anonymous ? anonymousOptions(tls) : certifiedOptions(tls, pems)
  try {
    createSecureContext(options)
  } catch (error) {
    throw new Error(`TLS cannot be set up: ${reasonOf(error as SslError)}`)
  }
  if (anonymous)
    void handshakeProblem(options).then((problem) => {
      if (problem) room.log(`TLS without a certificate does not work with this OpenSSL: ${problem}`)
    })
  const name = anonymous
    ? 'TLS with anonymous Diffie-Hellman: encrypted, not authenticated'
    : `TLS with a certificate${CLIENTS[tls.clientCerts]}`
  return { name, wrap: wrapper(options, tls, room) }
}

const CLIENTS = ['', ', client certificates asked for', ', client certificates required']

/** One port of a client may come to two addresses of this host. */
const whoIs = ({ remoteAddress, remotePort, localAddress }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`

function wrapper(
  options: TlsOptions,
  { logging }: NrpeTls,
  { log, hourly }: Pick<Room, 'log' | 'hourly'>,
): Secure['wrap'] {
  const waiting = new Map<string, (wrapped: TLSSocket) => void>()
  const server = createServer({ ...options, handshakeTimeout: PATIENCE, allowHalfOpen: true })
  const refuse = (socket: TLSSocket, reason: string): void => {
    const line = `no TLS with ${socket.remoteAddress}: ${reason}`
    if (socket.remoteAddress !== undefined) hourly(line, line)
    waiting.delete(whoIs(socket))
    socket.destroy()
  }
  server.on('tlsClientError', (error, socket) => refuse(socket, reasonOf(error)))
  server.on('secureConnection', (socket) => {
    const hasCertificate = Object.keys(socket.getPeerCertificate()).length > 0
    if (options.requestCert && hasCertificate && !socket.authorized)
      refuse(socket, `client certificate: ${String(socket.authorizationError)}`)
    else {
      if (logging & LOGGED) log(described(socket, logging))
      const ready = waiting.get(whoIs(socket))
      waiting.delete(whoIs(socket))
      ready?.(socket)
    }
  })
  return (socket, ready) => {
    const who = whoIs(socket)
    const line = `no TLS with ${socket.remoteAddress}: no good client certificate`
    waiting.set(who, ready)
    // Who shows a bad certificate where one is required is cut off by Node, and without an event.
    socket.once('close', () => {
      if (waiting.delete(who) && options.rejectUnauthorized) hourly(line, line)
    })
    server.emit('connection', socket)
  }
}

/** Bits of ssl_logging that speak of a connection. */
const LOGGED = 2 + 4 + 8 + 16 + 32

function described(socket: TLSSocket, logging: number): string {
  const { subject, issuer } = socket.getPeerCertificate()
  const names = subject ? `subject ${subject.CN}, issuer ${issuer.CN}` : 'none'
  const parts = [
    logging & 2 ? socket.remoteAddress : '',
    logging & 4 ? (socket.getProtocol() ?? '') : '',
    logging & 8 ? socket.getCipher().name : '',
    logging & 16 ? `client certificate: ${subject ? 'yes' : 'no'}` : '',
    logging & 32 ? `client certificate: ${names}` : '',
  ]
  return `TLS: ${parts.filter((part) => part !== '').join(', ')}`
}
