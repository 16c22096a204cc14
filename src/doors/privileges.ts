/** The user a daemon becomes once its sockets are bound. */
export interface Identity {
  readonly uid: number
  readonly gid: number
}

/** Becomes that user for good: supplementary groups first, while there is still the right to. */
export function dropPrivileges({ uid, gid }: Identity): void {
  process.setgroups?.([gid])
  process.setgid?.(gid)
  process.setuid?.(uid)
}
