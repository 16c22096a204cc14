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

/** What local file systems say: how full they are, or why that is not known. */
interface Usages {
  readonly answers: readonly (Answer & { readonly point: string })[]
  /** Mount points that may not be asked. */
  readonly closed: readonly string[]
  /** `/data EIO` or `/data hangs since …`, one each. */
  readonly failed: readonly string[]
}

/** The mounts are asked one after the other: they are local, and the pool is for all. */
async function usages(system: System): Promise<Usages> {
  const answers = []
  const closed = []
  const failed = []
  for (const point of system.localMounts()) {
    const outcome = await attempt<Outcome>(async () => usage(await system.statfs(point)))
    if (!isRefusal(outcome)) answers.push({ point, ...outcome })
    else if (outcome.kind === 'not permitted') closed.push(point)
    else if (outcome.kind !== 'no such object')
      failed.push(outcome.reason.startsWith(point) ? outcome.reason : `${point} ${outcome.reason}`)
  }
  return { answers, closed, failed }
}

export const diskusagelocal: Check = {
  key: 'diskusagelocal',
  unit: '%',
  slow: true,
  summary: 'the highest diskusage of all local file systems',
  async run(system) {
    const { answers, closed, failed } = await usages(system)
    const [first, ...others] = answers
    const worst =
      first && others.reduce((a, b) => (Number(b.value) > Number(a.value) ? b : a), first)
    if (failed.length > 0) {
      const known = worst ? `; the highest of the others is ${worst.value} on ${worst.point}` : ''
      throw cannotAnswerNow(failed.join(', ') + known)
    }
    if (!worst) throw cannotAnswerNow('no local file system could be read')
    const rest = closed.length > 0 ? `, not permitted: ${closed.join(' ')}` : ''
    return { value: worst.value, detail: `${worst.point} ${worst.detail}${rest}` }
  },
}
