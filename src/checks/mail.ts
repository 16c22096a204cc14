import type { Check } from '../core/check.ts'
import { noSuchObject } from '../core/errors.ts'
import { readMailQueues } from '../readers/mailqueue.ts'

export const mailqsize: Check = {
  key: 'mailqsize',
  slow: true,
  summary: 'mails in the queues of postfix, qmail or exim',
  async run(system) {
    const queues = await readMailQueues(system)
    if (queues.length === 0) throw noSuchObject('no spool of postfix, qmail or exim')
    const agents = [...new Set(queues.map(({ agent }) => agent))].map((agent) => {
      const own = queues.filter((queue) => queue.agent === agent)
      return [agent, ...own.map(({ name, mails }) => `${name}=${mails}`)].join(' ')
    })
    return {
      value: String(queues.reduce((sum, { mails }) => sum + mails, 0)),
      detail: agents.join(', '),
    }
  },
}
