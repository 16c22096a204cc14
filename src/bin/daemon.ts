import type { Door } from '../doors/door.ts'
import { UdpDoor } from '../doors/udp.ts'
import { readAddresses } from '../readers/addresses.ts'
import { type DaemonOptions, KNOERRED, readOptions } from './options.ts'
import { startProgram } from './program.ts'
import { serve } from './serve.ts'

/** knoerred: the UDP door. */
export const main = (argv: readonly string[]): Promise<void> =>
  startProgram(KNOERRED, argv, (given, log) => {
    const options = readOptions(given)
    const { listen } = options
    const addresses = listen.length > 0 ? (): readonly string[] => listen : readAddresses
    return serve(
      options,
      log,
      (room) => [new UdpDoor({ ...options, ...room, addresses })],
      ([door]) => hint(door, options),
    )
  })

/** What a person may type next, when the host itself is on the list. */
function hint(door: Door | undefined, { allow }: DaemonOptions): string {
  const [, address = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(door?.places[0] ?? '') ?? []
  return allow(address) ? `; try: echo load1 | nc -u -w1 ${address} ${port}` : ''
}
