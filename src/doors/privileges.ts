/** The user a daemon becomes once its sockets are bound. */
export interface Identity {
  readonly uid: number
  readonly gid: number
  /** Groups beside the first. */
  readonly groups?: readonly number[]
}

/** Becomes that user for good: supplementary groups first, while there is still the right to. */
export function dropPrivileges({ uid, gid, groups = [] }: Identity): void {
  process.setgroups?.([gid, ...groups])
  process.setgid?.(gid)
  process.setuid?.(uid)
}
