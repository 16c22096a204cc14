import type { Answer, Check } from '../core/check.ts'
import { badArgument, noSuchObject } from '../core/errors.ts'
import type { Process } from '../core/system.ts'
import { firstOf } from './list.ts'

/** Which field of a process matched, if one did. */
type Match = (process: Process) => string | undefined

function basename0(cmdline = ''): string {
  const argv0 = cmdline.split('\0', 1)[0] ?? ''
  return argv0.slice(argv0.lastIndexOf('/') + 1)
}

/** The kernel cuts a comm to 15 bytes: a longer name stands only in argv[0]. */
export const named =
  (name: string): Match =>
  ({ comm, cmdline }) =>
    comm === name ? 'comm' : basename0(cmdline) === name ? 'argv0' : undefined

const daemonNamed =
  (name: string): Match =>
  (process) =>
    process.tty === 0 ? named(name)(process) : undefined

const containing =
  (text: string): Match =>
  ({ cmdline = '' }) =>
    cmdline.replace(/\0+$/, '').replaceAll('\0', ' ').includes(text) ? 'cmdline' : undefined

function count(processes: readonly Process[], match: Match): Answer {
  const found = processes.flatMap((process) => {
    const field = match(process)
    const zombie = process.state === 'Z' ? ' (zombie)' : ''
    return field ? [`${process.pid} ${field}${zombie}`] : []
  })
  const unread = processes.filter(({ cmdline }) => cmdline === undefined).length
  const blind = unread > 0 ? [`${unread} command lines not readable now`] : []
  return {
    value: String(found.length),
    detail: [firstOf(found), ...blind].filter((part) => part !== '').join(', '),
  }
}

const counted = (
  key: string,
  argument: string,
  summary: string,
  match: (argument: string) => Match,
  terminals = false,
): Check => ({
  key,
  argument: `/${argument}`,
  slow: true,
  summary,
  async run(system, text) {
    if (text === '') throw badArgument(`a ${argument} is wanted`)
    const processes = await system.processes()
    if (terminals && processes.some(({ tty }) => tty === undefined))
      throw noSuchObject('there are no controlling terminals here')
    return count(processes, match(text))
  },
})

export const process: Check = counted(
  'process',
  'NAME',
  'processes of exactly that name (comm, or base name of argv[0])',
  named,
)
export const processd: Check = counted(
  'processd',
  'NAME',
  'those of them without a controlling terminal',
  daemonNamed,
  true,
)
export const cmdline: Check = counted(
  'cmdline',
  'TEXT',
  'processes whose command line contains TEXT',
  containing,
)

export const proccounttg: Check = {
  key: 'proccounttg',
  slow: true,
  summary: 'processes (thread groups)',
  run: async (system) => ({ value: String(await system.processCount()) }),
}
