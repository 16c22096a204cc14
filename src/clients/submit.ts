// Passive results for Nagios: its command pipe, or its spool of check results.
import { closeSync, constants, fstatSync, openSync, writeFileSync, writeSync } from 'node:fs'
import type { State } from './nagios.ts'

/** One passive result. The text may hold performance data behind a bar; it is one line. */
export interface Passive {
  readonly host: string
  readonly service: string
  readonly state: State
  readonly text: string
}

/** Bytes that one write puts into a pipe undivided: PIPE_BUF, pipe(7). */
const ATOMIC = 4_096
/** Milliseconds between looks at a full pipe. */
const PAUSE = 50

/** A name as the command line takes it: a semicolon would end it. */
const field = (text: string): string => text.replace(/[;\n]/g, '_')

/** `[EPOCH] PROCESS_SERVICE_CHECK_RESULT;HOST;SERVICE;RC;OUTPUT` and LF. */
const commandLine = ({ host, service, state, text }: Passive): string =>
  `[${Math.floor(Date.now() / 1000)}] PROCESS_SERVICE_CHECK_RESULT;${field(host)};${field(service)};${state};${text}\n`

/** The lines in as few writes as stay whole: one, unless they are more than a pipe takes at once. */
function chunks(lines: readonly string[]): Buffer[] {
  const found: Buffer[] = []
  for (const line of lines.map((text) => Buffer.from(text))) {
    const last = found.at(-1)
    if (last && last.length + line.length <= ATOMIC)
      found.splice(-1, 1, Buffer.concat([last, line]))
    else found.push(line)
  }
  return found
}

/**
 * Writes results to the command pipe before `end` (performance.now()). Throws errno errors, ENXIO
 * when nobody reads it, and an Error when it is no pipe or stays full.
 */
export async function toPipe(
  path: string,
  results: readonly Passive[],
  end: number,
): Promise<void> {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  try {
    // A plain file of that name would take everything, and Nagios nothing.
    if (!fstatSync(fd).isFIFO()) throw new Error(`${path} is no pipe`)
    for (const chunk of chunks(results.map(commandLine)))
      while (!written(fd, chunk)) {
        if (performance.now() + PAUSE > end) throw new Error(`${path} is full`)
        await new Promise((resolve) => setTimeout(resolve, PAUSE))
      }
  } finally {
    closeSync(fd)
  }
}

function written(fd: number, chunk: Buffer): boolean {
  try {
    return writeSync(fd, chunk) === chunk.length
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false
    throw error
  }
}

/** Leaves results in the spool directory: a file `c` and six characters, handed over by its `.ok`. */
export function toSpool(path: string, results: readonly Passive[]): void {
  const now = (Date.now() / 1000).toFixed(6)
  const records = results.map(({ host, service, state, text }) =>
    [
      `host_name=${host}`,
      `service_description=${service}`,
      'check_type=1\ncheck_options=0\nscheduled_check=0\nreschedule_check=0\nlatency=0.0',
      `start_time=${now}\nfinish_time=${now}`,
      `early_timeout=0\nexited_ok=1\nreturn_code=${state}`,
      `output=${text.replaceAll('\\', '\\\\')}\n`,
    ].join('\n'),
  )
  const name = `${path}/c${Math.random().toString(36).slice(2, 8).padEnd(6, '0')}`
  const head = `file_time=${Math.floor(Date.now() / 1000)}\n\n`
  writeFileSync(name, head + records.join('\n'), { flag: 'wx', mode: 0o660 })
  writeFileSync(`${name}.ok`, '', { flag: 'wx', mode: 0o660 })
}
