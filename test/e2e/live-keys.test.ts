// Keys of this host beside what independent programs print at the same moment.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Daemon, startDaemon } from '../helpers/daemon.ts'
import { agree, askValue } from '../helpers/live.ts'
import { fixtureHost, needs, output } from '../helpers/tools.ts'

let daemon: Daemon
before(async () => {
  daemon = await startDaemon()
})
after(() => daemon.stop())

test('uptime as uptime -s says since when', needs('uptime'), () =>
  agree(
    daemon,
    'uptime',
    () => (Date.now() - Date.parse(output('uptime', '-s').trim().replace(' ', 'T'))) / 1000,
    2,
  ),
)

test('mem as free prints total and available', needs('free'), () =>
  agree(
    daemon,
    'mem',
    () => {
      const [, total = 0, , , , , available = 0] = (
        /^Mem:.*$/m.exec(output('free', '-b'))?.[0] ?? ''
      )
        .split(/\s+/)
        .map(Number)
      return ((total - available) * 100) / total
    },
    1,
  ),
)

test('users as who counts the records of a utmp', needs('who'), async (t) => {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  const other = await startDaemon(options)
  t.after(() => other.stop())
  const lines = output('who', `${path}/root/run/utmp`).trim().split('\n')
  assert.equal(await askValue(other, 'users'), String(lines.length))
})
