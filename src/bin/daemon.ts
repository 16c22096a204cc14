import type { Door } from '../doors/door.ts'
import { UdpDoor } from '../doors/udp.ts'
import { readAddresses } from '../readers/addresses.ts'
import { type DaemonOptions, KNOERRED, readOptions } from './options.ts'
import { startProgram } from './program.ts'
import { serve } from './serve.ts'

/** knoerred: the UDP door, and with --nrpe the NRPE door beside it. */
export const main = (argv: readonly string[]): Promise<void> =>
  startProgram(KNOERRED, argv, async (given, log) => {
    const options = readOptions(given)
    const { listen, nrpe } = options
    // Loaded only where it is asked for.
    const beside = nrpe === undefined ? undefined : (await import('./nrpe-door.ts')).builtinDoor
    const addresses = listen.length > 0 ? (): readonly string[] => listen : readAddresses
    return serve(
      options,
      log,
      (room, system) => {
        const udp = new UdpDoor({ ...options, ...room, addresses })
        if (nrpe === undefined || !beside) return [udp]
        return [udp, beside({ ...options, port: nrpe }, room, system)]
      },
      ([door]) => hint(door, options),
    )
  })

/** What a person may type next, when the host itself is on the list. */
function hint(door: Door | undefined, { allow }: DaemonOptions): string {
  const [, address = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(door?.places[0] ?? '') ?? []
  return allow(address) ? `; try: echo load1 | nc -u -w1 ${address} ${port}` : ''
}
