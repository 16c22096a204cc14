import { codeOf } from '../core/errors.ts'
import type { System } from '../core/system.ts'

/** The spool of a mail transfer agent, one file a mail. */
interface Spool {
  readonly agent: string
  readonly path: string
  /** The directories of its queues. */
  readonly queues: readonly string[]
  /** What the files are called that are counted; others belong to the same mails. */
  readonly mail: RegExp
}

const SPOOLS: readonly Spool[] = [
  {
    agent: 'postfix',
    path: '/var/spool/postfix',
    queues: ['maildrop', 'incoming', 'active', 'deferred', 'hold'],
    mail: /./,
  },
  { agent: 'qmail', path: '/var/qmail/queue', queues: ['mess'], mail: /^\d+$/ },
  { agent: 'exim', path: '/var/spool/exim4', queues: ['input'], mail: /-H$/ },
  { agent: 'exim', path: '/var/spool/exim', queues: ['input'], mail: /-H$/ },
]

/** Queues are spread over directories, and these over others. */
const DEEPEST = 2

/** What one queue holds. */
export interface Queue {
  readonly agent: string
  readonly name: string
  readonly mails: number
}

/** The queues that are here, of all agents. Rejects with EACCES where one may not be read. */
export async function readMailQueues(system: System): Promise<Queue[]> {
  const found: Queue[] = []
  for (const { agent, path, queues, mail } of SPOOLS)
    for (const name of queues) {
      try {
        const mails = await count(system, `${path}/${name}`, mail, DEEPEST)
        found.push({ agent, name, mails })
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw error
      }
    }
  return found
}

async function count(system: System, path: string, mail: RegExp, depth: number): Promise<number> {
  const directories: string[] = []
  let mails = 0
  await system.eachName(path, (name, isDirectory) => {
    if (isDirectory) directories.push(name)
    else if (mail.test(name)) mails++
  })
  if (depth > 0)
    for (const name of directories) mails += await count(system, `${path}/${name}`, mail, depth - 1)
  return mails
}
