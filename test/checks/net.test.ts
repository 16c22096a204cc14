// What is read of a host for an answer about its interfaces.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { netlink } from '../../src/checks/net.ts'
import type { System } from '../../src/core/system.ts'
import { Rings } from '../../src/readers/history.ts'
import { text } from '../helpers/table.ts'

/** The interfaces of a fixture; what was read of them below /sys is written down. */
function host(): { system: System; read: string[] } {
  const read: string[] = []
  const sysfs = (path: string): string => {
    read.push(path)
    return text(`linux-6.1/sys/${path}`)
  }
  const system: Partial<System> = {
    history: new Rings(() => 0),
    net: (file) => text(`linux-6.1/proc/1/net/${file}`),
    sysfs,
    sysfsPatiently: async (path) => sysfs(path),
    sysfsHas: () => true,
  }
  return { system: system as System, read }
}

test('netlink looks at the interface that was asked for, and at no other', async () => {
  const { system, read } = host()
  const ask = (name: string) => netlink.run(system, name, {} as never)
  assert.equal(((await ask('eth1')) as { value: string }).value, '1')
  read.splice(0)
  const found = await ask('eth0')
  assert.equal('value' in found && found.value, '0')
  // The sample does not change: what the interfaces are is known by now.
  const state = read.filter((path) => /\/(flags|carrier)$/.test(path))
  assert.deepEqual(state, ['class/net/eth0/flags', 'class/net/eth0/carrier'])
  await assert.rejects(async () => ask('eth9'), /no interface eth9/)
})
