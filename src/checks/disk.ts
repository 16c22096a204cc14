import type { Answer, Check } from '../core/check.ts'
import { noSuchObject } from '../core/errors.ts'
import type { Statfs, System } from '../core/system.ts'
import { pathOf } from './arguments.ts'

const GIB = 2 ** 30
/** FUSE_SUPER_MAGIC of linux/magic.h, virtiofs too: f_bsize is not the unit of their block counts. */
const FUSE = 0x6573_5546

/** Percent of the whole, rounded up as df(1) does. */
const percentUp = (part: number, whole: number): number =>
  Math.floor((part * 100) / whole) + ((part * 100) % whole === 0 ? 0 : 1)

/** Percent used of what an unprivileged user can use: df(1) leaves out what is kept for root. */
function usage({ type, blockSize, blocks, free, available }: Statfs): Answer {
  const used = blocks - free
  if (used + available === 0) throw noSuchObject('the file system has no blocks')
  const gib = Math.floor((available * blockSize) / GIB)
  return {
    value: String(percentUp(used, used + available)),
    detail: type === FUSE ? 'free space unknown on FUSE' : `${gib}GB free`,
  }
}

function inodeUsage({ inodes, inodesFree }: Statfs): Answer {
  return {
    value: inodes === 0 ? '0' : String(percentUp(inodes - inodesFree, inodes)),
    detail: `${inodesFree} free`,
  }
}

const disk = (key: string, summary: string, answer: (statfs: Statfs) => Answer): Check => ({
  key,
  argument: '/PATH',
  slow: true,
  summary,
  run(system: System, argument) {
    const statfs = system.statfs(pathOf(argument))
    return statfs instanceof Promise ? statfs.then(answer) : answer(statfs)
  },
})

export const diskusage: Check = disk('diskusage', 'percent used of the file system of PATH', usage)
export const diskinodes: Check = disk('diskinodes', 'percent of its inodes used', inodeUsage)
