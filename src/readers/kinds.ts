import type { Mount } from '../core/system.ts'

/** File systems whose server may be gone, by their type in mountinfo. */
const REMOTE =
  /^(nfs|cifs|smb|fuse|9p$|afs$|ceph|glusterfs|gfs|lustre|beegfs|ocfs|gpfs|coda|ncpfs|davfs|virtiofs$|autofs$|orangefs|pvfs)/

/** Those of other systems. */
const ELSEWHERE = ['cd9660', 'cdfs', 'devfs', 'fdescfs', 'procfs', 'linprocfs', 'linsysfs']

/** Types that are full by nature, or that hold nothing: none of a host's own space. */
const IMAGES = new Set(['squashfs', 'iso9660', 'udf', 'erofs', 'cramfs', 'romfs', ...ELSEWHERE])

/** Types that never have blocks, often in directories that only root can search. */
const BLOCKLESS =
  /^(proc|sysfs|cgroup2?|(debug|trace|security|config|rpc_pipe|ns|selinux|smack)fs|bpf|pstore|mqueue|devpts|binfmt_misc|resctrl)$/

/** Whether asking this file system may wait for another machine or another process. */
export const isRemote = (type: string): boolean => REMOTE.test(type) && type !== 'fuseblk'

/** Whether it is an image that nobody writes to. */
export const isImage = (type: string): boolean => IMAGES.has(type)

/** Whether it has space of this host: an overlay elsewhere than on `/` has that of another mount. */
const hasSpace = ({ type, point }: Mount): boolean =>
  !isRemote(type) &&
  !isImage(type) &&
  !BLOCKLESS.test(type) &&
  (type !== 'overlay' || point === '/')

/** Where the host's own space is mounted: one point for each device, the first. */
export function pointsWithSpace(mounts: readonly Mount[]): string[] {
  const points = new Map<string, string>()
  for (const mount of mounts)
    if (hasSpace(mount) && !points.has(mount.device)) points.set(mount.device, mount.point)
  return [...points.values()]
}
