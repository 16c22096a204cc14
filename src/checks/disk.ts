import { attempt } from '../core/answer.ts'
import { type Answer, type Check, isRefusal, type Outcome } from '../core/check.ts'
import { cannotAnswerNow, noSuchObject } from '../core/errors.ts'
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
  unit: '%',
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

/** The mounts are asked one after the other: they are local, and the pool is for all. */
async function usages(system: System): Promise<{ point: string; outcome: Outcome }[]> {
  const found = []
  for (const point of system.localMounts()) {
    const outcome = await attempt<Outcome>(async () => usage(await system.statfs(point)))
    if (!isRefusal(outcome) || outcome.kind !== 'no such object') found.push({ point, outcome })
  }
  return found
}

export const diskusagelocal: Check = {
  key: 'diskusagelocal',
  unit: '%',
  slow: true,
  summary: 'the highest diskusage of all local file systems',
  async run(system) {
    const found = await usages(system)
    const answers = found.flatMap(({ point, outcome }) =>
      isRefusal(outcome) ? [] : [{ point, ...outcome }],
    )
    const [first, ...others] = answers
    if (!first) throw cannotAnswerNow('no local file system could be read')
    const worst = others.reduce((a, b) => (Number(b.value) > Number(a.value) ? b : a), first)
    const unread = found.filter(({ outcome }) => isRefusal(outcome)).map(({ point }) => point)
    const rest = unread.length > 0 ? `, not read: ${unread.join(' ')}` : ''
    return { value: worst.value, detail: `${worst.point} ${worst.detail}${rest}` }
  },
}
