import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowList } from '../../src/doors/allow.ts'

const rows: [clients: string[], address: string, allowed: boolean][] = [
  [['10.0.0.5'], '10.0.0.5', true],
  [['10.0.0.5'], '10.0.0.6', false],
  [['10.0.0.5'], '::ffff:10.0.0.5', true],
  [['10.0.0.5'], '::FFFF:10.0.0.5', true],
  [['::ffff:10.0.0.5'], '10.0.0.5', true],
  [['::ffff:10.0.0.0/120'], '10.0.0.77', true],
  [['::ffff:10.0.0.0/120'], '10.0.1.77', false],
  [['::ffff:7f00:1'], '127.0.0.1', true],
  [['0:0:0:0:0:ffff:127.0.0.1'], '127.0.0.1', true],
  [['::ffff:0:0/96'], '192.0.2.1', true],
  [['10.0.0.0/8'], '10.255.1.2', true],
  [['10.0.0.0/8'], '11.0.0.1', false],
  [['10.1.2.3/8'], '10.9.9.9', true],
  [['0.0.0.0/0'], '192.0.2.1', true],
  [['0.0.0.0/0'], '2001:db8::1', false],
  [['2001:db8::/32'], '2001:db8:1::7', true],
  [['2001:db8::/32'], '2001:db9::7', false],
  [['2001:DB8::1'], '2001:db8:0:0:0:0:0:1', true],
  [['fe80::/10'], 'fe80::1%eth0', true],
  [['::1', '127.0.0.1'], '::1', true],
  [['::/0'], '127.0.0.1', false],
  [['10.0.0.5'], 'nonsense', false],
]
for (const [clients, address, allowed] of rows)
  test(`allowList() ${clients.join(' ')} for ${address}`, () => {
    const allow = allowList(clients)
    assert.equal(allow(address), allowed)
    assert.equal(allow(address), allowed)
  })

for (const [client, sentence] of [
  ['localhost', /"localhost" is a name/],
  ['monitor.example.com', /is a name/],
  ['10.0.0', /"10.0.0" is not an address/],
  ['10.0.0.256', /not an address/],
  ['10.0.0.0/33', /no good prefix length/],
  ['10.0.0.0/-1', /no good prefix length/],
  ['10.0.0.0/', /no good prefix length/],
  ['10.0.0.0/8/8', /no good prefix length/],
  ['2001:db8::/129', /no good prefix length/],
  ['::ffff:10.0.0.0/8', /no good prefix length/],
  ['::g', /not an address/],
  ['', /is a name/],
] as const)
  test(`allowList() refuses "${client}"`, () => assert.throws(() => allowList([client]), sentence))

test('allowList() forgets verdicts of a flood of addresses', () => {
  const allow = allowList(['10.0.0.0/16'])
  for (let i = 0; i < 3000; i++) assert.equal(allow(`10.0.${i >> 8}.${i & 255}`), true)
  assert.equal(allow('10.1.0.0'), false)
})
