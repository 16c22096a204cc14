import type { Answer, Check, Excerpt } from '../core/check.ts'
import { badArgument, cannotAnswerNow, noSuchObject } from '../core/errors.ts'
import type { System } from '../core/system.ts'
import { countLines, firstDifference, readContent } from '../readers/content.ts'
import { pathOf } from './arguments.ts'

const file = (
  key: string,
  argument: string,
  summary: string,
  run: (system: System, argument: string) => Promise<Answer>,
): Check => ({ key, argument: `/${argument}`, slow: true, summary, run })

/** ISO 8601; seconds of the epoch for a time that has no date. */
function iso(milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? `@${milliseconds / 1000}` : date.toISOString()
}

/** The content's last line, and what stands before it, without the line feed between. */
export function lastLine({ head, cut, tail }: Excerpt): { value: string; before: Excerpt } {
  const end = cut > 0 ? tail : head + tail
  if (end === '') throw noSuchObject('the file is empty')
  const content = end.endsWith('\n') ? end.slice(0, -1) : end
  const start = content.lastIndexOf('\n')
  const before = content.slice(0, Math.max(0, start))
  const value = content.slice(start + 1)
  if (value === '') throw noSuchObject('the last line is empty')
  if (cut > 0 && start === -1) throw cannotAnswerNow(`the last line is over ${end.length} bytes`)
  return { value, before: cut > 0 ? { head, cut, tail: before } : { head: before, cut, tail: '' } }
}

export const cat: Check = file('cat', 'PATH', 'last line of a file', async (system, argument) => {
  const path = pathOf(argument)
  return system.withFile(path, async (opened) => {
    const { value, before } = lastLine(await readContent(system, opened))
    const title = `${path} ${iso(opened.mtime).replace(/T.*/, '').replaceAll('-', '')}`
    const head = before.head === '' ? title : `${title}\n${before.head}`
    return { value, detail: before.cut > 0 ? { ...before, head } : head }
  })
})

export const cmp: Check = file(
  'cmp',
  'PATH//PATH2',
  '0 when two files are equal, else 1',
  async (system, argument) => {
    const [one, other, ...rest] = argument.split('//').map(pathOf)
    if (one === undefined || other === undefined || rest.length > 0 || other === '/')
      throw badArgument('ask cmp/PATH//PATH2')
    const differ = await system.withFile(one, (first) =>
      system.withFile(other, (second) => firstDifference(system, first, second)),
    )
    return differ === undefined
      ? { value: '0' }
      : { value: '1', detail: `differ at byte ${differ}` }
  },
)

export const filetimestamp: Check = {
  ...file(
    'filetimestamp',
    'PATH',
    'seconds since a file was modified',
    async (system, argument) => {
      const path = pathOf(argument)
      const mtime = await system.mtime(path)
      const seconds = Math.floor((system.now() - mtime) / 1000)
      return { value: String(seconds), detail: `${path} ${iso(mtime)}` }
    },
  ),
  unit: 's',
}

export const wcl: Check = file('wc-l', 'PATH', 'lines of a file', async (system, argument) => {
  const path = pathOf(argument)
  const lines = await system.withFile(path, (opened) => countLines(system, opened))
  return { value: String(lines), detail: path }
})
