import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entryProblem, HostList } from '../../src/bin/nrpe-hosts.ts'
import { parseGroups } from '../../src/readers/passwd.ts'
import { parseHosts, resolveAll } from '../../src/readers/resolve.ts'

test('entryProblem() takes addresses, networks and names, and nothing else', () => {
  for (const good of [
    '127.0.0.1',
    '10.0.0.0/8',
    '0.0.0.0/0',
    '10.1.2.3/32',
    '::1',
    '::/0',
    'fe80::/10',
    '2001:db8::1/128',
    'nagios',
    'nagios.example.com',
  ])
    assert.equal(entryProblem(good), undefined, good)
  for (const bad of [
    '127.0.0.1/8',
    '10.0.0.0/33',
    '10.0.0.0/x',
    '10.0.0',
    '1.2.3.4.5',
    '2001:db8::1/64',
    '::1/0',
    'a*b',
    '*.example.com',
    'name/8',
    '10.0.*',
    '-x',
    '',
  ])
    assert.notEqual(entryProblem(bad), undefined, bad)
})

test('HostList: names are resolved, keep what they had, and spoil nobody', async () => {
  const lines: string[] = []
  const answers = new Map([['nagios', ['10.0.0.5', '2001:db8::5']]])
  const hosts = new HostList(
    (line) => lines.push(line),
    async (name) => {
      const found = answers.get(name)
      if (!found) throw new Error('no')
      return found
    },
  )
  assert.equal(hosts.allow('127.0.0.1'), false)
  await hosts.replace(['127.0.0.1', '10.1.0.1/8', 'nosuch', 'nagios'])
  assert.deepEqual(lines, ['unable to resolve nosuch of allowed_hosts'])
  for (const address of ['127.0.0.1', '::ffff:127.0.0.1', '10.0.0.5', '2001:db8::5'])
    assert.equal(hosts.allow(address), true, address)
  for (const address of ['127.0.0.2', '10.1.0.1', '::1']) assert.equal(hosts.allow(address), false)
  answers.set('nagios', ['10.0.0.6'])
  await hosts.look()
  assert.deepEqual([hosts.allow('10.0.0.5'), hosts.allow('10.0.0.6')], [false, true])
  answers.delete('nagios')
  await hosts.look()
  assert.equal(hosts.allow('10.0.0.6'), true)
  assert.ok(lines.includes('unable to resolve nagios of allowed_hosts: it stays 10.0.0.6'))
  // A line of /etc/hosts may hold anything.
  answers.set('nagios', ['10.0.0', 'x', '10.0.0.7'])
  await hosts.look()
  assert.deepEqual([hosts.allow('10.0.0.6'), hosts.allow('10.0.0.7')], [false, true])
  answers.set('nagios', ['10.0.0'])
  await hosts.look()
  assert.equal(hosts.allow('10.0.0.7'), true)
  await hosts.replace(['10.0.0.9'])
  assert.deepEqual([hosts.allow('127.0.0.1'), hosts.allow('10.0.0.6')], [false, false])
})

test('resolveAll() and parseHosts(): all addresses of a name', async () => {
  assert.deepEqual(parseHosts('10.0.0.1 a b # c\n::1 A\n', 'a'), ['10.0.0.1', '::1'])
  assert.deepEqual(await resolveAll('localhost', 1_000), ['127.0.0.1', '::1'])
  await assert.rejects(resolveAll('no-such-name.invalid', 1_000))
})

test('parseGroups() of group(5)', () => {
  assert.deepEqual(parseGroups('adm:x:4:syslog,nagios\nbad\nx:y\n'), [
    { name: 'adm', gid: 4, members: ['syslog', 'nagios'] },
  ])
})
