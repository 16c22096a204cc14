import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseUdpDrops } from '../../src/readers/udpdrops.ts'

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n'
const TABLE = `${HEAD}  125: 0100007F:22B8 00000000:0000 07 00000000:00000000 00:00000000 00000000 65534        0 21215 2 0000000000000000 816
  126: 0200007F:22B8 00000000:0000 07 00000000:00000000 00:00000000 00000000 65534        0 21216 2 0000000000000000 4
  300: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 11111 2 0000000000000000 999
`

test('parseUdpDrops() adds up the drops of our own ports', () => {
  assert.equal(parseUdpDrops(TABLE, new Set([8888])), 820)
  assert.equal(parseUdpDrops(TABLE, new Set([53])), 999)
  assert.equal(parseUdpDrops(TABLE, new Set([53, 8888])), 1819)
  assert.equal(parseUdpDrops(TABLE, new Set([9999])), 0)
  assert.equal(parseUdpDrops(HEAD, new Set([8888])), 0)
})
