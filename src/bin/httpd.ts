import { httpDoor, readTls } from './http.ts'
import { KNOERREHD, readOptions } from './options.ts'
import { startProgram } from './program.ts'
import { serve } from './serve.ts'

/** knoerrehd: the HTTP door alone. */
export const main = (argv: readonly string[]): Promise<void> =>
  startProgram(KNOERREHD, argv, (given, log) => {
    const options = readOptions(given)
    const tls = readTls(given)
    return serve(options, log, async (room, known) => [
      await httpDoor(options, options.port, tls, room, known),
    ])
  })
