import type { Check } from '../core/check.ts'
import { readContent } from '../readers/content.ts'
import { nameOf } from './arguments.ts'
import { lastLine } from './file.ts'

export const cachedvalue: Check = {
  key: 'cachedvalue',
  argument: '/NAME',
  slow: true,
  summary: 'last line of a file in the cache directory',
  async run(system, argument) {
    const name = nameOf(argument, 'NAME')
    return system.withCached(name, async (file) => {
      const { value } = lastLine(await readContent(system, file))
      const age = Math.floor((system.now() - file.mtime) / 1000)
      return { value, detail: `${name} ${age}s old` }
    })
  },
}
