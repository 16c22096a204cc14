import { type Arguments, UsageError } from '../clients/argv.ts'
import { USUAL_REPLY } from '../doors/keyroute.ts'
import { HOST, type HostOptions, readHost } from './host.ts'
import { MAX_REPLY, readMaxReply } from './max-reply.ts'
import { type Program, STANDARD } from './program.ts'

export const KNOERRE: Program = {
  name: 'knoerre',
  synopsis: '[options] [key ...]',
  about:
    'Prints what knoerred would reply. Without a key it answers one HTTP request on standard input.',
  // It is started as the user it shall be, and ends before the portable source has samples.
  options: [
    MAX_REPLY('1472'),
    ...HOST.filter(({ name }) => name !== 'user' && name !== 'source'),
    ...STANDARD,
  ],
  exits:
    '0, 3 when the reply is or has an error, 100 for a wrong command line, 111 for a system error',
}

export interface OnceOptions extends HostOptions {
  readonly keys: readonly string[]
  /** Bytes of the longest reply. */
  readonly limit: number
}

/** Throws UsageError. */
export function readOnce(given: Arguments): OnceOptions {
  if (given.rest.length === 0 && process.stdin.isTTY) throw new UsageError('a key is wanted')
  return {
    ...readHost(given),
    keys: given.rest,
    limit: readMaxReply(given) ?? USUAL_REPLY,
  }
}
