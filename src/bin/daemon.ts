import { UsageError } from '../clients/argv.ts'
import type { Door } from '../doors/door.ts'
import { UdpDoor } from '../doors/udp.ts'
import { readAddresses } from '../readers/addresses.ts'
import { optionalInteger } from './host.ts'
import { httpDoor, readTls } from './http.ts'
import { type DaemonOptions, KNOERRED, readOptions } from './options.ts'
import { startProgram } from './program.ts'
import { serve } from './serve.ts'

/** knoerred: the UDP door, and with --http and --nrpe those doors beside it. */
export const main = (argv: readonly string[]): Promise<void> =>
  startProgram(KNOERRED, argv, async (given, log) => {
    const options = readOptions(given)
    const { listen, nrpe } = options
    const http = optionalInteger(given, 'http', 0, 65_535)
    const tls = readTls(given)
    if (tls && http === undefined) throw new UsageError('--tls-cert is for the door of --http')
    const addresses = listen.length > 0 ? (): readonly string[] => listen : readAddresses
    return serve(
      options,
      log,
      async (room, known) => {
        const doors: Door[] = [new UdpDoor({ ...options, ...room, addresses })]
        if (http !== undefined) doors.push(await httpDoor(options, http, tls, room, known))
        if (nrpe !== undefined) {
          // Loaded only where it is asked for.
          const { builtinDoor } = await import('./nrpe-door.ts')
          doors.push(builtinDoor({ ...options, port: nrpe }, room, known.system))
        }
        return doors
      },
      ([door]) => hint(door, options),
    )
  })

/** What a person may type next, when the host itself is on the list. */
function hint(door: Door | undefined, { allow }: DaemonOptions): string {
  const [, address = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(door?.places[0] ?? '') ?? []
  return allow(address) ? `; try: echo load1 | nc -u -w1 ${address} ${port}` : ''
}
