// The processes that check_procs looks at, and what it can measure of them; ps(1), proc(5).
import { noSuchObject } from '../core/errors.ts'
import type { Process, System } from '../core/system.ts'
import { readUnits, type Units } from '../readers/auxv.ts'
import { readUptime } from '../readers/uptime.ts'

/** What ps prints of a process. Sizes are KiB, times seconds. */
export interface Measured {
  readonly process: Process
  readonly ppid: number
  readonly vsz: number
  readonly rss: number
  /** Percent of one CPU over its life. */
  readonly pcpu: number
  readonly elapsed: number
}

/** What it measures is worked out when it is asked for. */
export async function measuredProcesses(system: System): Promise<Measured[]> {
  const units = readUnits(system)
  const processes = await system.processes()
  const up = readUptime(system)
  return processes.map((process) => measured(process, units, up))
}

/** Fields by their numbers in proc(5), which begin with 1 for the pid. */
function measured(process: Process, { page, ticks }: Units, up: number): Measured {
  const field = (number: number): number => {
    if (process.fields === undefined) throw noSuchObject('only names of processes are told here')
    return Number(process.fields.split(' ')[number - 3] ?? 0)
  }
  const elapsed = (): number => Math.max(0, up - Math.floor(field(22) / ticks))
  return {
    process,
    get ppid() {
      return field(4)
    },
    get vsz() {
      return Math.floor(field(23) / 1024)
    },
    get rss() {
      return (field(24) * page) / 1024
    },
    get pcpu() {
      return elapsed() === 0 ? 0 : ((field(14) + field(15)) * 100) / ticks / elapsed()
    },
    get elapsed() {
      return elapsed()
    },
  }
}

/** The arguments as ps prints them: kernel threads have their name in brackets. */
export function argumentsOf({ cmdline, comm, kernelThread }: Process): string {
  const words = (cmdline ?? '').replace(/\0+$/, '').replaceAll('\0', ' ')
  return words === '' || kernelThread ? `[${comm}]` : words
}

/** Whether a process has exactly that name; the kernel keeps 15 bytes of one. */
export function isNamed({ comm, cmdline = '' }: Process, name: string): boolean {
  const argv0 = cmdline.split('\0', 1)[0] ?? ''
  return comm === name || (name.length > 15 && argv0.slice(argv0.lastIndexOf('/') + 1) === name)
}
