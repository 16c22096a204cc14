import { printable } from '../core/bytes.ts'
import type { Check } from '../core/check.ts'
import { readSessions } from '../readers/utmp.ts'
import { firstOf } from './list.ts'

export const users: Check = {
  key: 'users',
  slow: true,
  summary: 'login sessions in utmp',
  async run(system) {
    const sessions = await readSessions(system)
    return {
      value: String(sessions.length),
      detail: firstOf(sessions.map(({ user, line }) => printable(`${user} ${line}`))),
    }
  },
}
