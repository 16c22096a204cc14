import { readFileSync } from 'node:fs'

/** A user, getpwnam(3). */
export interface User {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly shell: string
}

/** A user of /etc/passwd, passwd(5), by name or by number; undefined when there is none. */
export const readUser = (name: string): User | undefined =>
  parsePasswd(readFileSync('/etc/passwd', 'utf8'), name)

export function parsePasswd(text: string, asked: string): User | undefined {
  for (const line of text.split('\n')) {
    const [name = '', , uid, gid, , home = '/', shell = '/bin/sh'] = line.split(':')
    // The ids are unsigned, and macOS prints nobody's as -2.
    if ((name === asked || uid === asked) && /^-?\d+$/.test(uid ?? '') && /^-?\d+$/.test(gid ?? ''))
      return { name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0, home, shell }
  }
  return undefined
}

/** A group of /etc/group, group(5): its number and the names of its members. */
interface Group {
  readonly name: string
  readonly gid: number
  readonly members: readonly string[]
}

export function parseGroups(text: string): Group[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , gid = '', members = ''] = line.split(':')
    return /^\d+$/.test(gid) ? [{ name, gid: Number(gid), members: members.split(',') }] : []
  })
}

/** The number of a group, given by name or by number. */
export const readGroup = (asked: string): number | undefined =>
  groups().find(({ name, gid }) => name === asked || String(gid) === asked)?.gid

/** The groups that a user is a member of beside the first, getgrouplist(3). */
export const readGroupsOf = (user: string): number[] =>
  groups().flatMap(({ gid, members }) => (members.includes(user) ? [gid] : []))

const groups = (): Group[] => parseGroups(readFileSync('/etc/group', 'utf8'))
