import {
  closeSync,
  opendirSync,
  openSync,
  readFile,
  readlinkSync,
  readSync,
  statSync,
} from 'node:fs'
import { codeOf, ParseError } from '../core/errors.ts'
import type { Process } from '../core/system.ts'
import { Turns } from '../core/turns.ts'
import type { Guard } from './guard.ts'

/** Entries of /proc that are taken from the kernel at once. */
const ENTRIES = 256
/** PF_KTHREAD of linux/sched.h: a kernel thread has no command line. */
const KERNEL_THREAD = 0x0020_0000

/** Fields of /proc/PID/stat, proc(5), that matter here. */
export interface PidStat {
  readonly pid: number
  readonly comm: string
  readonly state: string
  readonly tty: number
  readonly kernelThread: boolean
  /** The fields from the state on, as the kernel prints them. */
  readonly fields: string
}

/** `812 (sshd) S 1 812 812 0 -1 4194560 …`. A comm may hold blanks, brackets and newlines. */
export function parsePidStat(text: string): PidStat {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  const behind = text.slice(close + 2)
  const fields = behind.split(' ', 7)
  const pid = Number.parseInt(text, 10)
  if (open === -1 || close < open || fields.length < 7 || Number.isNaN(pid))
    throw new ParseError('PID/stat', text)
  return {
    pid,
    comm: text.slice(open + 1, close),
    state: fields[0] as string,
    tty: Number(fields[4]),
    kernelThread: (Number(fields[6]) & KERNEL_THREAD) !== 0,
    fields: behind,
  }
}

/** The process table below a proc root. */
export class ProcessTable {
  readonly #root: string
  readonly #guard: Guard
  #scan: Promise<readonly Process[]> | undefined
  #buffer = Buffer.allocUnsafe(65_536)

  constructor(root: string, guard: Guard) {
    this.#root = root
    this.#guard = guard
  }

  /** All processes but this one. Who asks while a scan is under way shares it. */
  all(): Promise<readonly Process[]> {
    this.#scan ??= this.#read().finally(() => {
      this.#scan = undefined
    })
    return this.#scan
  }

  /** The user id of a process; undefined when it is gone. */
  ownerOf(pid: number): number | undefined {
    return statSync(`${this.#root}/${pid}`, { throwIfNoEntry: false })?.uid
  }

  /** How many process ids /proc lists. */
  async count(): Promise<number> {
    const turns = new Turns()
    let found = 0
    for (const _ of this.#pids()) {
      found++
      if (turns.over) await turns.next()
    }
    return found
  }

  *#pids(): Generator<string> {
    let [last, after] = [0, 0]
    for (let complete = false; !complete; ) {
      const directory = opendirSync(this.#root, { encoding: 'latin1', bufferSize: ENTRIES })
      try {
        for (let entry = directory.readSync(); entry; entry = directory.readSync()) {
          if (!/^\d+$/.test(entry.name) || Number(entry.name) <= after) continue
          last = Number(entry.name)
          yield entry.name
        }
        complete = true
      } catch (error) {
        // Of a process that is just ending /proc may not tell that it is a directory: Node looks, and it
        // has gone. What was read with it is lost: the list, in ascending order, goes on from there.
        if (codeOf(error) !== 'ENOENT') throw error
        after = last
      } finally {
        directory.closeSync()
      }
    }
  }

  async #read(): Promise<Process[]> {
    const own = this.#self()
    const found: Process[] = []
    const turns = new Turns()
    for (const pid of this.#pids()) {
      const process = pid === own ? undefined : this.#process(pid)
      if (process?.state === 'D') found.push(await this.#patiently(process))
      else if (process) found.push(process)
      if (turns.over) await turns.next()
    }
    // Those of /proc are in order already; the files of a fixture are not.
    return found.sort((a, b) => a.pid - b.pid)
  }

  /** This process in the pid namespace of that /proc; a fixture has no such link. */
  #self(): string | undefined {
    try {
      return readlinkSync(`${this.#root}/self`)
    } catch {
      return undefined
    }
  }

  /** Undefined when it ended between readdir(3) and now: ENOENT at open(2), ESRCH at read(2). */
  #process(pid: string): Process | undefined {
    try {
      const stat = parsePidStat(this.#text(`${pid}/stat`))
      if (stat.kernelThread) return { ...stat, cmdline: '' }
      return { ...stat, cmdline: stat.state === 'D' ? undefined : this.#text(`${pid}/cmdline`) }
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined
      throw error
    }
  }

  /**
   * A process in uninterruptible sleep may hold its memory locked, and then its command line is not
   * read before it wakes (ps(1) hangs so): off the event loop, and the first that hangs is the last.
   */
  async #patiently(process: Process): Promise<Process> {
    const path = `${this.#root}/${process.pid}/cmdline`
    try {
      const cmdline = await this.#guard.run<string>(`${this.#root}/PID/cmdline`, (done) =>
        readFile(path, 'latin1', done),
      )
      return { ...process, cmdline }
    } catch {
      return process
    }
  }

  #text(path: string): string {
    const fd = openSync(`${this.#root}/${path}`, 'r')
    try {
      for (let end = 0; ; ) {
        const room = this.#buffer.length - end
        const n = readSync(fd, this.#buffer, end, room, null)
        end += n
        // Both files give all that there is room for.
        if (n < room) return this.#buffer.toString('latin1', 0, end)
        this.#buffer = Buffer.concat([this.#buffer, Buffer.allocUnsafe(end)])
      }
    } finally {
      closeSync(fd)
    }
  }
}
