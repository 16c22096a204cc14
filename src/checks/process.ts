import type { Answer, Check } from '../core/check.ts'
import { badArgument, noSuchObject } from '../core/errors.ts'
import type { Process } from '../core/system.ts'
import { Turns } from '../core/turns.ts'
import { firstOf } from './list.ts'

/** Which field of a process matched, if one did. */
type Match = (process: Process) => string | undefined

/** Whether `name` is the base name of argv[0]. Makes no strings: there may be 10,000 processes. */
function hasBasename(cmdline: string, name: string): boolean {
  const nul = cmdline.indexOf('\0')
  const at = (nul === -1 ? cmdline.length : nul) - name.length
  return at >= 0 && cmdline.startsWith(name, at) && (at === 0 || cmdline[at - 1] === '/')
}

/** The kernel cuts a comm to 15 bytes: a longer name stands only in argv[0]. */
export const named =
  (name: string): Match =>
  ({ comm, cmdline = '' }) => {
    if (comm === name) return 'comm'
    return !name.includes('/') && hasBasename(cmdline, name) ? 'argv0' : undefined
  }

const daemonNamed =
  (name: string): Match =>
  (process) =>
    process.tty === 0 ? named(name)(process) : undefined

const containing =
  (text: string): Match =>
  ({ cmdline = '' }) =>
    contains(cmdline, text) ? 'cmdline' : undefined

/** The arguments are joined by blanks only where the text has a blank to find. */
const contains = (cmdline: string, text: string): boolean =>
  text.includes(' ')
    ? cmdline.includes(text.trim().split(' ', 1)[0] ?? '') &&
      cmdline.replace(/\0+$/, '').replaceAll('\0', ' ').includes(text)
    : cmdline.includes(text)

async function count(processes: readonly Process[], match: Match): Promise<Answer> {
  const turns = new Turns()
  const found: string[] = []
  let unread = 0
  for (const process of processes) {
    const field = match(process)
    if (field) found.push(`${process.pid} ${field}${process.state === 'Z' ? ' (zombie)' : ''}`)
    if (process.cmdline === undefined) unread++
    if (turns.over) await turns.next()
  }
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
