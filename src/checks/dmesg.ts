import { printable } from '../core/bytes.ts'
import type { Check } from '../core/check.ts'
import { badArgument } from '../core/errors.ts'

export const dmesg: Check = {
  key: 'dmesg',
  argument: '/TEXT',
  slow: true,
  summary: "messages in the kernel's ring buffer that contain TEXT",
  async run(system, text) {
    if (text === '') throw badArgument('a TEXT is wanted')
    let [count, last] = [0, '']
    await system.eachKernelMessage((message) => {
      if (!message.includes(text)) return
      count++
      last = message
    })
    return { value: String(count), detail: printable(last) }
  },
}
