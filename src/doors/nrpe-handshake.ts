import { Duplex } from 'node:stream'
import { connect, createServer, type TlsOptions } from 'node:tls'

/** What OpenSSL adds to its errors. */
export type SslError = Error & { reason?: string }

/** OpenSSL's words without its numbers. */
export const reasonOf = ({ reason, message }: SslError): string =>
  reason ?? message.replace(/^error:\w+:[^:]*:[^:]*:/, '')

/** Two ends of a pipe within the process. */
function pair(): [Duplex, Duplex] {
  const ends: Duplex[] = []
  const end = (other: number): Duplex =>
    new Duplex({
      read: () => undefined,
      write: (chunk, _, done) => {
        ends[other]?.push(chunk)
        done()
      },
      final: (done) => {
        ends[other]?.push(null)
        done()
      },
    })
  ends.push(end(1), end(0))
  return ends as [Duplex, Duplex]
}

/**
 * Shakes hands with itself: a policy of the system may forbid what the options ask for, and nothing
 * tells before a client comes. Resolves to what went wrong.
 */
export function handshakeProblem(options: TlsOptions): Promise<string | undefined> {
  const [near, far] = pair()
  const { ciphers, minVersion, maxVersion } = options
  return new Promise((resolve) => {
    const server = createServer(options)
    const ended = (problem?: string): void => {
      resolve(problem)
      client.destroy()
      near.destroy()
      far.destroy()
    }
    const client = connect({
      socket: far,
      ciphers,
      minVersion,
      maxVersion,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    })
    server.on('tlsClientError', (error) => ended(reasonOf(error)))
    client.on('error', (error) => ended(reasonOf(error)))
    client.once('secureConnect', () => ended())
    server.emit('connection', near)
  })
}
