// The one place that starts processes, for knoerre-nrpe alone: plugins of the administrator.
import { ChildProcess, spawn } from 'node:child_process'
import { fromUnicode, printable, toUnicode } from '../core/bytes.ts'
import type { CommandResult } from '../core/command.ts'
import { codeOf } from '../core/errors.ts'
import { Capture } from './capture.ts'

export interface RunnerLimits {
  /** Seconds until a command, with all that it started, is killed. */
  readonly timeout: number
  /** Commands at once; 0: as many as come. */
  readonly most: number
  readonly environment: NodeJS.ProcessEnv
}

/** Bytes of standard output and of standard error that are kept. */
const KEPT = 262_144
const KEPT_ERRORS = 4_096
/** Commands that run or wait, whatever max_commands says: clients may ask, leave, and ask again. */
export const MOST_BEGUN = 500
/** Milliseconds that somebody whom a plugin left behind may hold its output open. */
const LINGER = 1_000

/** Starts commands without a shell, each in a process group of its own. */
export class Runner {
  readonly #running = new Set<ChildProcess>()
  readonly #waiting: (() => void)[] = []
  /** Places taken: processes, and what is about to become one. */
  #busy = 0
  #limits: RunnerLimits
  readonly #onErrors: (name: string, text: string) => void

  /** `onErrors` hears what a command wrote to standard error. */
  constructor(limits: RunnerLimits, onErrors: (name: string, text: string) => void) {
    this.#limits = limits
    this.#onErrors = onErrors
  }

  /** New limits, for what starts from now on. */
  set limits(limits: RunnerLimits) {
    this.#limits = limits
  }

  /** Runs a command, once there is room for it. Its words are bytes. Never rejects. */
  async run(name: string, words: readonly string[]): Promise<CommandResult> {
    const { timeout, environment } = this.#limits
    if (this.#busy + this.#waiting.length >= MOST_BEGUN)
      return { code: 3, output: `NRPE: Not run: ${MOST_BEGUN} commands run or wait` }
    const end = performance.now() + timeout * 1_000
    if (!this.#taken() && !(await this.#turn(timeout))) return timedOut(timeout)
    const child = started(words.map(toUnicode), environment)
    if (!(child instanceof ChildProcess)) {
      this.#release()
      return child
    }
    this.#running.add(child)
    child.once('exit', () => this.#gone(child)).once('error', () => this.#gone(child))
    return outcome(child, words[0] ?? '', Math.max(1, end - performance.now()), timeout, (text) =>
      this.#onErrors(name, text),
    )
  }

  /** Kills what still runs. */
  killAll(): void {
    for (const child of this.#running) killGroup(child)
  }

  /** Takes a place, if there is one. */
  #taken(): boolean {
    const { most } = this.#limits
    if (most > 0 && this.#busy >= most) return false
    this.#busy++
    return true
  }

  /** Waits for a place; false when none came in time. */
  #turn(timeout: number): Promise<boolean> {
    return new Promise((resolve) => {
      const granted = (): void => {
        clearTimeout(timer)
        resolve(true)
      }
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(granted), 1)
        resolve(false)
      }, timeout * 1_000)
      this.#waiting.push(granted)
    })
  }

  #gone(child: ChildProcess): void {
    if (this.#running.delete(child)) this.#release()
  }

  #release(): void {
    this.#busy--
    while (this.#waiting.length > 0 && this.#taken()) this.#waiting.shift()?.()
  }
}

/** A process with its group, or why there is none. */
function started(
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): ChildProcess | CommandResult {
  try {
    return spawn(program, args, {
      cwd: '/',
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    return unread(reasonOf(error, fromUnicode(program)))
  }
}

/** What a process says, or that it took longer than `milliseconds`, which are said to be `seconds`. */
function outcome(
  child: ChildProcess,
  program: string,
  milliseconds: number,
  seconds: number,
  onErrors: (text: string) => void,
): Promise<CommandResult> {
  const out = new Capture(child.stdout, KEPT)
  const errors = new Capture(child.stderr, KEPT_ERRORS)
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      killGroup(child)
      resolve(timedOut(seconds))
      leave(child)
    }, milliseconds)
    child.once('error', (error) => {
      clearTimeout(timer)
      resolve(unread(reasonOf(error, program)))
    })
    child.once('exit', () => {
      clearTimeout(timer)
      setTimeout(() => leave(child), LINGER)
    })
    child.once('close', (code: number | null, signal: NodeJS.Signals | null) => {
      if (errors.text !== '') onErrors(printable(errors.text.trimEnd()))
      resolve(resultOf(code, signal, out, errors.text))
    })
  })
}

/** What is still open is given up: whoever holds it writes to nobody. */
function leave(child: ChildProcess): void {
  child.stdout?.destroy()
  child.stderr?.destroy()
}

/** The group has the number of its first process, as long as one of it lives. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself, or became another user (sudo): nobody of it is ours to kill.
  }
}

const timedOut = (seconds: number): CommandResult => ({
  code: 3,
  output: `NRPE: Command timed out after ${seconds} seconds`,
})

/** The original says no more than the first words. */
const unread = (reason: string): CommandResult => ({
  code: 3,
  output: `NRPE: Unable to read output (${printable(reason.replaceAll('\n', ' ')).replaceAll('|', '!')})`,
})

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'no such program',
  EACCES: 'not permitted to start',
  EAGAIN: 'no process to be had for',
  ENOMEM: 'no memory for',
  EMFILE: 'no descriptor left for',
}

function reasonOf(error: unknown, program: string): string {
  const code = codeOf(error) ?? (error as Error).message
  return `${SENTENCES[code] ?? code}: ${program}`
}

function resultOf(
  code: number | null,
  signal: NodeJS.Signals | null,
  out: Capture,
  errors: string,
): CommandResult {
  const output = (out.text.split('\0', 1)[0] ?? '').replace(/\n$/, '')
  if (output === '')
    return unread(errors.trim().slice(0, 512) || (signal ?? `nothing printed, exit code ${code}`))
  const state = signal ? 2 : code === 0 || code === 1 || code === 2 ? code : 3
  return { code: state, output, lost: out.lost }
}
