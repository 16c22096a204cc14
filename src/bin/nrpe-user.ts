import type { NrpeConfig } from '../codec/nrpe-directives.ts'
import { toUnicode } from '../core/bytes.ts'
import type { Identity } from '../doors/privileges.ts'
import { readGroup, readGroupsOf, readUser, type User } from '../readers/passwd.ts'

/** Like the original's: what plugins find without being told where. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Whom nrpe_user and nrpe_group name, with all groups of that user. Throws a sentence. */
export function identityOf({ user, group }: NrpeConfig): Identity | undefined {
  if (user === undefined && group === undefined) return undefined
  const asked = toUnicode(user ?? 'nobody')
  const found = readUser(asked)
  if (!found && !/^\d{1,9}$/.test(asked)) throw new Error(`unable to find nrpe_user ${asked}`)
  const gid = group === undefined ? found?.gid : readGroup(toUnicode(group))
  if (gid === undefined && !/^\d{1,9}$/.test(group ?? ''))
    throw new Error(`unable to find nrpe_group ${group ?? `of ${asked}`}`)
  return {
    uid: found?.uid ?? Number(asked),
    gid: gid ?? Number(group),
    groups: found ? readGroupsOf(found.name) : [],
  }
}

/** What a plugin finds in its environment, and nothing else: as the original sets it. */
export function environmentOf(
  uid: number,
  keep: readonly string[],
  version: string,
): Record<string, string> {
  const user: User | undefined = readUser(String(uid))
  const { name = String(uid), home = '/', shell = '/bin/sh' } = user ?? {}
  const kept = keep.flatMap((key) => {
    const value = process.env[key]
    return value === undefined ? [] : [[key, value]]
  })
  return {
    PATH,
    IFS: ' \t\n',
    USER: name,
    LOGNAME: name,
    HOME: home,
    SHELL: shell,
    NRPE_MULTILINESUPPORT: '1',
    NRPE_PROGRAMVERSION: version,
    ...Object.fromEntries(kept),
  }
}
