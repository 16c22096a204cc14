// diskusagelocal of hosts with file systems that do not say how full they are.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diskusagelocal } from '../../src/checks/disk.ts'
import { attempt } from '../../src/core/answer.ts'
import { cannotAnswerNow } from '../../src/core/errors.ts'
import type { Statfs, System } from '../../src/core/system.ts'

const full = (percent: number): Statfs => ({
  type: 0xef53,
  blockSize: 2 ** 30,
  blocks: 100,
  free: 100 - percent,
  available: 100 - percent,
  inodes: 0,
  inodesFree: 0,
})
const errno = (code: string): Error => Object.assign(new Error(), { code })

/** A host whose mounts say how full they are, or throw. */
const host = (mounts: Readonly<Record<string, number | Error>>): System =>
  ({
    localMounts: () => Object.keys(mounts),
    async statfs(point: string) {
      const told = mounts[point]
      if (typeof told === 'number') return full(told)
      throw told
    },
  }) as Partial<System> as System

const hangs = cannotAnswerNow('/data hangs since 2026-01-01T00:00:00.000Z')
const cannot = (reason: string): object => ({ kind: 'cannot answer now', reason })
const rows: [string, Record<string, number | Error>, object][] = [
  ['the highest', { '/': 41, '/home': 97, '/srv': 3 }, { value: '97', detail: '/home 3GB free' }],
  [
    'one that may not be asked is a note',
    { '/': 41, '/x': errno('EACCES'), '/y': errno('EPERM') },
    { value: '41', detail: '/ 59GB free, not permitted: /x /y' },
  ],
  [
    'one that goes meanwhile is left out',
    { '/': 41, '/x': errno('ENOENT') },
    { value: '41', detail: '/ 59GB free' },
  ],
  [
    'one that hangs',
    { '/': 41, '/data': hangs, '/home': 97 },
    cannot('/data hangs since 2026-01-01T00:00:00.000Z; the highest of the others is 97 on /home'),
  ],
  [
    'one that hangs, and one that fails',
    { '/': 41, '/data': hangs, '/srv': errno('EIO') },
    cannot(
      '/data hangs since 2026-01-01T00:00:00.000Z, /srv EIO; the highest of the others is 41 on /',
    ),
  ],
  ['all fail', { '/': errno('EIO') }, cannot('/ EIO')],
  ['none may be asked', { '/': errno('EACCES') }, cannot('no local file system could be read')],
]
for (const [name, mounts, expected] of rows)
  test(`diskusagelocal ${name}`, async () =>
    assert.deepEqual(
      await attempt(async () => diskusagelocal.run(host(mounts), '', {} as never)),
      expected,
    ))
