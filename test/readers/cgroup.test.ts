// What stands for no memory limit, in both versions of control groups.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { System } from '../../src/core/system.ts'
import { readMemoryGroup } from '../../src/readers/cgroup.ts'
import { readLimits } from '../../src/readers/container.ts'

/** A host of 4 GiB, and its one group with this limit. */
function host(v1: boolean, limit: string): System {
  const files: Record<string, string> = v1
    ? {
        'memory.limit_in_bytes': limit,
        'memory.usage_in_bytes': '4096\n',
        'memory.oom_control': '',
      }
    : { 'memory.max': limit, 'memory.current': '4096\n', 'memory.events': '' }
  const type = v1 ? 'cgroup' : 'cgroup2'
  const system: Partial<System> = {
    mounts: () => [{ point: '/sys/fs/cgroup', type, superOptions: 'rw,memory' } as never],
    proc: (path) =>
      path === '1/cgroup' ? '1:memory:/\n0::/\n' : 'MemTotal: 4194304 kB\nMemAvailable: 1 kB\n',
    async sysfsPatiently(path) {
      const text = files[path.replace(/^fs.cgroup\//, '')]
      if (text === undefined) throw Object.assign(new Error(), { code: 'ENOENT' })
      return text
    },
  }
  return system as System
}

const none = Number.POSITIVE_INFINITY
const rows: [string, boolean, string, number][] = [
  ['version 1, none, 64 bits', true, '9223372036854771712\n', none],
  ['version 1, none, 32 bits', true, '8796093018112\n', none],
  ['version 1, one', true, '209715200\n', 209715200],
  ['version 1, all there is', true, '4294967296\n', 4294967296],
  ['version 2, none', false, 'max\n', none],
  ['version 2, one above what there is', false, '8589934592\n', 8589934592],
]
for (const [name, v1, text, limit] of rows)
  test(`memory limit of ${name}`, async () => {
    assert.equal((await readMemoryGroup(host(v1, text), '')).most, limit)
    assert.equal((await readLimits(host(v1, text))).memory, limit)
  })
