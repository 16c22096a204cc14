import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Mount } from '../../src/core/system.ts'
import { Guard } from '../../src/readers/guard.ts'
import { isImage, isRemote, pointsWithSpace } from '../../src/readers/kinds.ts'
import { Locator } from '../../src/readers/locate.ts'
import { MountTable, parseMountinfo } from '../../src/readers/mounts.ts'
import { directory } from '../helpers/tools.ts'

const MOUNTS = `1 0 8:1 / / rw - ext4 dev rw
2 1 8:2 / /mnt/data rw - nfs4 srv:/x rw
3 1 0:9 / /net rw - autofs auto rw
4 1 0:8 / /auto rw - autofs auto rw
5 4 8:5 / /auto rw - ext4 dev rw
`

/** A locator over a directory with links in it, and where it finds a path. */
function links(t: TestContext) {
  const root = directory(t)
  mkdirSync(join(root, 'etc/deep'), { recursive: true })
  mkdirSync(join(root, 'mnt/data'), { recursive: true })
  mkdirSync(join(root, 'auto'))
  writeFileSync(join(root, 'etc/deep/file'), '')
  symlinkSync('/etc/deep', join(root, 'absolute'))
  symlinkSync('deep/../deep/./file', join(root, 'etc/relative'))
  symlinkSync('../../../../etc', join(root, 'etc/above'))
  symlinkSync('/mnt/data', join(root, 'into'))
  symlinkSync('/mnt/data/x', join(root, 'below'))
  symlinkSync('loop', join(root, 'loop'))
  const locator = new Locator(
    root,
    new Guard(4, 2_000),
    () => new MountTable(parseMountinfo(MOUNTS)),
  )
  return async (path: string): Promise<string> => {
    const { path: there, place } = await locator.locate(path)
    assert.ok(there.toString().startsWith(root))
    return `${there.toString().slice(root.length)} on ${place}`
  }
}

test('Locator.locate() follows links inside the root', async (t) => {
  const find = links(t)
  assert.equal(await find('/'), '/ on /')
  assert.equal(await find('/etc/deep/file'), '/etc/deep/file on /')
  assert.equal(await find('/absolute/file'), '/etc/deep/file on /')
  assert.equal(await find('/etc/relative'), '/etc/deep/file on /')
  assert.equal(await find('/etc/above/deep'), '/etc/deep on /')
})

test('Locator.locate() knows the mount that a link leads into', async (t) => {
  const find = links(t)
  assert.equal(await find('/mnt/data'), '/mnt/data on /mnt/data')
  assert.equal(await find('/into'), '/mnt/data on /mnt/data')
  await assert.rejects(find('/below'), { code: 'ENOENT' })
})

test('Locator.locate() never touches autofs, but what is mounted over it', async (t) => {
  const find = links(t)
  await assert.rejects(find('/net/host/export'), /not mounted \(automount\)/)
  await assert.rejects(find('/net'), /not mounted \(automount\)/)
  assert.equal(await find('/auto'), '/auto on /auto')
})

test('Locator.locate() says what is wrong', async (t) => {
  const find = links(t)
  await assert.rejects(find('/none/x'), { code: 'ENOENT' })
  await assert.rejects(find('/etc/deep/file/x'), { code: 'ENOTDIR' })
  await assert.rejects(find('/loop'), { code: 'ELOOP' })
})

test('isRemote() and isImage() decide by the type', () => {
  const remote =
    'nfs nfs4 cifs smb3 smbfs fuse fuse.sshfs 9p afs ceph glusterfs beegfs lustre virtiofs autofs'
  const local = 'ext4 xfs btrfs zfs tmpfs vfat overlay fuseblk devtmpfs f2fs squashfs'
  for (const type of remote.split(' ')) assert.equal(isRemote(type), true, type)
  for (const type of local.split(' ')) assert.equal(isRemote(type), false, type)
  assert.equal(isImage('squashfs'), true)
  assert.equal(isImage('ext4'), false)
})

test('pointsWithSpace() each device once, none that never has blocks', () => {
  const mount = (point: string, type: string, device = point) => ({ point, type, device }) as Mount
  const none =
    'proc sysfs cgroup cgroup2 debugfs tracefs securityfs bpf mqueue devpts nsfs nfs4 squashfs overlay'
  const mounts = [
    mount('/', 'overlay'),
    mount('/home', 'ext4'),
    mount('/srv', 'ext4', '/home'),
    mount('/tmp', 'tmpfs'),
    ...none.split(' ').map((type) => mount(`/${type}`, type)),
  ]
  assert.deepEqual(pointsWithSpace(mounts), ['/', '/home', '/tmp'])
})
