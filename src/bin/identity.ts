import type { Identity } from '../doors/privileges.ts'
import { readUser } from '../readers/passwd.ts'

/** Whom root becomes: --user, else the program's own choice, else UID and GID, else nobody. */
export function identityFor(
  user: string | undefined,
  chosen: Identity | undefined,
): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (user === undefined && chosen) return chosen
  const { UID, GID } = process.env
  if (user === undefined && UID !== undefined && GID !== undefined) {
    if (!/^\d{1,9}$/.test(UID) || !/^\d{1,9}$/.test(GID))
      throw new Error('unable to drop privileges: UID and GID are not numbers')
    return { uid: Number(UID), gid: Number(GID) }
  }
  const identity = readUser(user ?? 'nobody')
  if (!identity) throw new Error(`unable to find user ${user ?? 'nobody'} in /etc/passwd`)
  return { uid: identity.uid, gid: identity.gid }
}
