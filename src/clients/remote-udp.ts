// check_remote_by_udp: asks a knoerred and says to Nagios what it answered.
import type { Arguments } from './argv.ts'
import { exchange } from './exchange.ts'
import type { Resolve, Verdict } from './question.ts'
import { checkRemote } from './remote.ts'

export { OPTIONS } from './remote.ts'

/** Runs check_remote_by_udp with its command line read. Throws UsageError. */
export const checkRemoteByUdp = (given: Arguments, resolve: Resolve): Promise<Verdict> =>
  checkRemote(given, resolve, { port: 'UDP port', exchange: () => exchange })
