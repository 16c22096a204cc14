import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  crc32,
  type Decoded,
  decodePacket,
  encodePacket,
  type Packet,
  QUERY,
  RESPONSE,
  roomFor,
  SHORT_PACKET,
  type Version,
} from '../../src/codec/nrpe.ts'
import { parseQuery } from '../../src/codec/nrpe-query.ts'
import { fixture } from '../helpers/tools.ts'

const hex = (name: string): Buffer =>
  Buffer.from(readFileSync(fixture(`nrpe/${name}`), 'utf8').replaceAll('\n', ''), 'hex')

const packetOf = (decoded: Decoded): Packet => {
  assert.equal(decoded.kind, 'packet', JSON.stringify(decoded))
  return (decoded as { packet: Packet }).packet
}

const ASKED: readonly [RegExp, string][] = [
  [/hello/, '_NRPE_CHECK'],
  [/multi/, 'multi'],
  [/unknown/, 'nosuch'],
  [/./, 'ok'],
]
const files = readdirSync(fixture('nrpe')).sort()
const queries = files.filter((file) => file.endsWith('-query.hex'))
const responses = files.filter((file) => file.endsWith('-response.hex') && hex(file).length > 0)

test('crc32() of the usual example', () => {
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf4_3926)
})

test('decodePacket() reads every recorded query', () => {
  assert.equal(queries.length, 14)
  for (const file of queries) {
    const packet = packetOf(decodePacket(hex(file)))
    assert.equal(packet.type, QUERY, file)
    assert.equal(packet.text, ASKED.find(([name]) => name.test(file))?.[1], file)
  }
})

test('encodePacket() makes every recorded response, to the byte', () => {
  assert.equal(responses.length, 11)
  for (const file of responses) {
    const recorded = hex(file)
    const packet = packetOf(decodePacket(recorded))
    assert.equal(packet.type, RESPONSE, file)
    const made = encodePacket(packet)
    if (packet.version !== 2) {
      assert.deepEqual(made, recorded, file)
      continue
    }
    // Version 2 ends in two bytes of junk, and the checksum covers them.
    assert.equal(made.length, SHORT_PACKET)
    assert.deepEqual(made.subarray(0, 4), recorded.subarray(0, 4))
    assert.deepEqual(made.subarray(8, 1034), recorded.subarray(8, 1034))
  }
})

test('decodePacket() needs more of every beginning, and ignores what is behind', () => {
  for (const file of [...queries, ...responses]) {
    const bytes = hex(file)
    const whole = packetOf(decodePacket(bytes))
    // Version 3 has three bytes of padding that nobody waits for.
    const end = whole.version === 3 ? bytes.length - 3 : bytes.length
    for (const length of [0, 1, 2, 9, 10, 12, 15, 16, 17, end - 1]) {
      if (length >= end) continue
      const decoded = decodePacket(bytes.subarray(0, length))
      assert.equal(decoded.kind, 'need', `${file} ${length}`)
      assert.ok((decoded as { bytes: number }).bytes > length)
    }
    assert.deepEqual(packetOf(decodePacket(bytes.subarray(0, end))), whole)
    assert.deepEqual(packetOf(decodePacket(Buffer.concat([bytes, Buffer.alloc(99, 1)]))), whole)
  }
})

test('decodePacket() says what is wrong', () => {
  const query = encodePacket({ version: 4, type: QUERY, result: 0, text: 'ok' })
  const changed = (at: number, ...bytes: number[]): Decoded => {
    const copy = Buffer.from(query)
    copy.set(bytes, at)
    return decodePacket(copy)
  }
  assert.deepEqual(changed(0, 0, 5), { kind: 'error', reason: 'packet version 5' })
  assert.deepEqual(changed(0, 0x16, 3), { kind: 'error', reason: 'packet version 5635' })
  assert.deepEqual(changed(4, 0, 0, 0, 0), { kind: 'error', reason: 'wrong checksum' })
  assert.deepEqual(changed(12, 0, 1, 0, 1), { kind: 'error', reason: 'buffer length 65537' })
  assert.deepEqual(changed(12, 0xff, 0xff, 0xff, 0xff), {
    kind: 'error',
    reason: 'buffer length -1',
  })
})

test('decodePacket() takes an alignment that is not 0, and a length that counts no NUL', () => {
  const query = encodePacket({ version: 4, type: QUERY, result: 0, text: 'ok' })
  query[11] = 7
  assert.equal(packetOf(decodePacket(query)).text, 'ok')
  const bare = Buffer.from(query.subarray(0, 18))
  bare.writeInt32BE(2, 12)
  bare[11] = 0
  bare.writeUInt32BE(0, 4)
  bare.writeUInt32BE(crc32(bare), 4)
  assert.equal(packetOf(decodePacket(bare)).text, 'ok')
})

const versions = fc.constantFrom<Version>(2, 3, 4)
const bytes = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map((n) => String.fromCharCode(n)),
})

test('decodePacket() undoes encodePacket()', () => {
  fc.assert(
    fc.property(versions, fc.integer({ min: -3, max: 9 }), bytes, (version, result, text) => {
      const packet = { version, type: RESPONSE, result, text }
      assert.deepEqual(packetOf(decodePacket(encodePacket(packet))), packet)
    }),
  )
})

test('encodePacket() never exceeds what clients read', () => {
  for (const version of [2, 3, 4] as const) {
    const packet = { version, type: RESPONSE, result: 0, text: 'x'.repeat(70_000) }
    assert.equal(packetOf(decodePacket(encodePacket(packet))).text.length, roomFor(version))
  }
  const longest = { version: 4, type: RESPONSE, result: 0, text: 'x'.repeat(70_000) } as const
  assert.equal(encodePacket(longest).length, 16 + 65_536)
})

test('decodePacket() never throws, whatever comes', () => {
  const mutated = fc
    .tuple(fc.constantFrom(...queries.map(hex)), fc.nat(1_035), fc.integer({ min: 0, max: 255 }))
    .map(([query, at, byte]) => {
      const copy = Buffer.from(query)
      copy[at] = byte
      return copy
    })
  const anything = fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array))
  fc.assert(
    fc.property(fc.oneof(mutated, anything), (packet) => {
      assert.match(decodePacket(packet).kind, /^(need|packet|error)$/)
    }),
    { numRuns: 5_000 },
  )
})

const RULES = { argumentsAllowed: true, substitutionAllowed: false, nasty: "|`&><'\\[]{};\r\n" }

test('parseQuery() splits at exclamation marks and drops what is empty', () => {
  assert.deepEqual(parseQuery('check!a!!b c!', RULES), { name: 'check', args: ['a', 'b c'] })
  assert.deepEqual(parseQuery('check', RULES), { name: 'check', args: [] })
})

test('parseQuery() refuses what the original refuses', () => {
  const refused = (text: string, rules = RULES): boolean => 'refused' in parseQuery(text, rules)
  assert.ok(refused(''))
  assert.ok(refused('!a'))
  assert.ok(refused('< >'))
  for (const sign of RULES.nasty) assert.ok(refused(`a!b${sign}c`), JSON.stringify(sign))
  assert.ok(refused('a!$(id)'))
  assert.ok(!refused('a!$(id)', { ...RULES, substitutionAllowed: true }))
  assert.ok(refused('a!b', { ...RULES, argumentsAllowed: false }))
  assert.ok(!refused('a!', { ...RULES, argumentsAllowed: false }))
  assert.ok(!refused(`a${'!b'.repeat(16)}`))
  assert.ok(refused(`a${'!b'.repeat(17)}`))
})
