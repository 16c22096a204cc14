import { readFileSync } from 'node:fs'

/** Ids of a user, getpwnam(3). */
export interface User {
  readonly uid: number
  readonly gid: number
}

/** A user of /etc/passwd, passwd(5); undefined when there is none of that name. */
export const readUser = (name: string): User | undefined =>
  parsePasswd(readFileSync('/etc/passwd', 'utf8'), name)

export function parsePasswd(text: string, name: string): User | undefined {
  for (const line of text.split('\n')) {
    const [user, , uid, gid] = line.split(':')
    // The ids are unsigned, and macOS prints nobody's as -2.
    if (user === name && /^-?\d+$/.test(uid ?? '') && /^-?\d+$/.test(gid ?? ''))
      return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }
  }
  return undefined
}
