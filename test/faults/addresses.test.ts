// A host with several addresses, in a network namespace of its own.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { asSelf, BIN, startCommand, until } from '../helpers/daemon.ts'
import { needs } from '../helpers/tools.ts'

const NET = needs('root', 'ip', 'unshare', 'nsenter', 'nc')

test('a connected client gets its reply from the address it asked', NET, async (t) => {
  const setUp = [
    'mount -t sysfs sysfs /sys',
    'ip link set lo up',
    'ip addr add 10.7.0.1/24 dev lo',
    'ip addr add 10.7.0.2/24 dev lo',
    'ip -6 addr add fd77::1/64 dev lo nodad',
    `exec ${process.execPath} ${BIN} 8888 0.0.0.0/0 ::/0`,
  ].join(' && ')
  const daemon = await startCommand('unshare', ['-n', '-m', 'sh', '-c', setUp])
  t.after(() => daemon.stop())
  const inside = (...command: string[]): string =>
    execFileSync('nsenter', ['-t', String(daemon.pid), '-n', ...command], { encoding: 'utf8' })
  /** nc(1) connects its socket: a reply from another address never reaches it. */
  const answers = (address: string): boolean =>
    /^\d+\.\d\d$/m.test(inside('sh', '-c', `echo load1 | nc -u -w1 -W1 ${address} 8888 || true`))

  const sockets = (): number => readdirSync(`/proc/${daemon.pid}/fd`).length
  for (const address of ['127.0.0.1', '::1', '10.7.0.1', '10.7.0.2', 'fd77::1'])
    assert.ok(answers(address), address)

  await t.test('a second daemon ends with 111', () => {
    for (const listen of [[], ['--listen', '10.7.0.2']]) {
      const args = ['-t', String(daemon.pid), '-n', process.execPath, BIN, ...listen, '8888', '::1']
      const second = spawnSync('nsenter', args, {
        env: asSelf(),
        encoding: 'utf8',
        timeout: 20_000,
      })
      assert.equal(second.status, 111)
      assert.match(second.stderr, /unable to bind .*:8888: address already in use/)
    }
  })

  await t.test('addresses that come are served, those that go leak nothing', async () => {
    const before = sockets()
    const come = Array.from({ length: 20 }, (_, i) => `10.7.1.${i + 1}`)
    for (const address of come) inside('ip', 'addr', 'add', `${address}/32`, 'dev', 'lo')
    await until('all are listened on', () => sockets() === before + come.length)
    assert.ok(answers('10.7.1.1') && answers('10.7.1.20') && answers('10.7.0.1'))
    for (const address of come) inside('ip', 'addr', 'del', `${address}/32`, 'dev', 'lo')
    await until('all are closed', () => sockets() === before, 1_500)
    assert.ok(answers('10.7.0.2'))
  })

  await t.test('an interface that comes and goes', async () => {
    const ask = (key: string): string =>
      inside('sh', '-c', `echo ${key} | nc -u -w1 -W1 127.0.0.1 8888 || true`)
    assert.match(ask('nettraf/dummy7'), /^error: no such object/)
    inside('ip', 'link', 'add', 'dummy7', 'type', 'veth', 'peer', 'name', 'dummy8')
    inside('ip', 'link', 'set', 'dummy7', 'up')
    await until('it has a rate', () => /^dummy7 rx=/.test(ask('nettraf/dummy7')))
    assert.match(ask('netlinksdown'), /dummy7/)
    inside('ip', 'link', 'del', 'dummy7')
    await until('it has gone', () => /^error: no such object/.test(ask('nettraf/dummy7')))
    assert.doesNotMatch(ask('netlinksdown'), /dummy7|error/)
  })
})
