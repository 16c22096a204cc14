import { isIPv6 } from 'node:net'
import { getSystemErrorMap } from 'node:util'

/** An address and port as logs print them: `127.0.0.1:8888`, `[::1]:8888`. */
export const place = (address: string, port: number): string =>
  isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`

/** Why a socket could not be bound, as a sentence. */
export function unableToBind(where: string, error: NodeJS.ErrnoException): Error {
  const [, reason] = getSystemErrorMap().get(error.errno ?? 0) ?? []
  return new Error(`unable to bind ${where}: ${reason ?? error.message}`)
}
