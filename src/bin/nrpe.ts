import { hourly } from '../doors/hourly.ts'
import type { Log } from '../doors/log.ts'
import { KNOERRE_NRPE, type NrpeOptions, readNrpeOptions } from './nrpe-options.ts'
import { serveNrpe } from './nrpe-serve.ts'
import { type Setup, setUp } from './nrpe-setup.ts'
import { startProgram } from './program.ts'

/** knoerre-nrpe: the NRPE door with the configuration of nrpe. */
export const main = (argv: readonly string[]): Promise<void> =>
  startProgram(KNOERRE_NRPE, argv, async (given, log) => {
    const options = readNrpeOptions(given)
    const setup = await setUp(options, { log, hourly: hourly(log) })
    if (given.has('check')) check(options, setup)
    else if (mayStart(setup, log)) await serveNrpe(options, setup, log)
  })

/** Prints what is to be said of the configuration; exit code 100 when a line is wrong. */
function check({ config }: NrpeOptions, { findings, commands }: Setup): void {
  const wrong = findings.filter(({ weight }) => weight !== 'note')
  for (const { where, text, weight } of findings)
    process.stdout.write(
      Buffer.from(`${where}: ${weight === 'note' ? 'note: ' : ''}${text}\n`, 'latin1'),
    )
  const verdict = wrong.length === 0 ? `good, ${commands.size} commands` : `${wrong.length} wrong`
  process.stdout.write(`${config}: ${verdict}\n`)
  if (wrong.length > 0) process.exitCode = 100
}

/** Logs the findings; with a fatal one among them there is no start, and the exit code is 100. */
function mayStart({ findings }: Setup, log: Log): boolean {
  for (const { where, text } of findings) log(`${where}: ${text}`)
  const fatal = findings.some(({ weight }) => weight === 'fatal')
  if (!fatal) return true
  log('fatal: the configuration is wrong')
  process.exitCode = 100
  return false
}
