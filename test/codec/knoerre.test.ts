import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeRequest, ERROR_VALUE, encodeReply } from '../../src/codec/knoerre.ts'
import type { Entry, Reply } from '../../src/core/check.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

const requests: [string, string | Buffer, unknown][] = [
  ['one key', 'load1\n', [{ key: 'load1' }]],
  ['CR LF', 'load1\r\n', [{ key: 'load1' }]],
  ['a CR that stays', 'lo\rad1\n', [{ key: 'lo?ad1', fault: 'control character in the key' }]],
  ['several keys', 'load1\ncpuu\n', [{ key: 'load1' }, { key: 'cpuu' }]],
  ['a blank in it', 'cmdline/a b\n', [{ key: 'cmdline/a b' }]],
  ['UTF-8', bytes('cat/\xc3\xa4\n'), [{ key: 'cat/\xc3\xa4' }]],
  ['no UTF-8', bytes('cat/\xe4\n'), [{ key: 'cat/?', fault: 'the key is not UTF-8' }]],
  ['overlong', bytes('cat/\xc0\xaf\n'), [{ key: 'cat/??', fault: 'the key is not UTF-8' }]],
  ['NUL', 'load1\0\n', [{ key: 'load1?', fault: 'control character in the key' }]],
  ['C1', bytes('a\xc2\x85\n'), [{ key: 'a?', fault: 'control character in the key' }]],
  ['nothing', '', [{ key: '', fault: 'empty' }]],
  ['no LF', 'load1', [{ key: '', fault: 'no LF at the end' }]],
  ['second without LF', 'load1\nload5', [{ key: '', fault: 'no LF at the end' }]],
  ['only LF', '\n', [{ key: '', fault: 'empty key' }]],
  ['an empty key', 'load1\n\n', [{ key: 'load1' }, { key: '', fault: 'empty key' }]],
  ['512 bytes', `${'a'.repeat(511)}\n`, [{ key: 'a'.repeat(511) }]],
  ['a reply of an error', `error: no such key: x\n${ERROR_VALUE}\n`, []],
  ['a long reply of an error', `${'a'.repeat(600)}\n${ERROR_VALUE}\n`, []],
  ['513 bytes', `${'a'.repeat(512)}\n`, [{ key: '', fault: 'over 512 bytes' }]],
]

for (const [name, packet, expected] of requests)
  test(`decodeRequest() ${name}`, () => {
    assert.deepEqual(decodeRequest(Buffer.from(packet)), expected)
  })

test('decodeRequest() every truncation of a request is a fault or whole keys', () => {
  const packet = bytes('load1\ndiskusage/home\ncpuu\n')
  for (let length = 0; length < packet.length; length++) {
    const questions = decodeRequest(packet.subarray(0, length))
    const whole = packet[length - 1] === 0x0a
    assert.equal(questions[0]?.fault === undefined, whole, `at ${length}`)
  }
})

test('decodeRequest() never throws and gives back what it was given', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (packet) => {
      for (const { key } of decodeRequest(Buffer.from(packet))) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
        assert.doesNotMatch(key, /[\x00-\x1f\x7f]/)
      }
    }),
  )
  const key = fc.stringMatching(/^[ -~]{1,60}$/)
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 8 }), (keys) => {
      const questions = decodeRequest(bytes(keys.map((k) => `${k}\n`).join('')))
      assert.deepEqual(
        questions,
        keys.map((k) => ({ key: k })),
      )
    }),
  )
})

const replies: [string, string, Reply, string][] = [
  ['value', 'ctxt', { value: '70' }, '70\n'],
  ['detail', 'load1', { value: '0.00', detail: '0.00 0.00' }, '0.00 0.00\n0.00\n'],
  [
    'error',
    'lod1',
    { kind: 'no such key', reason: '' },
    `error: no such key: lod1\n${ERROR_VALUE}\n`,
  ],
  [
    'error with reason',
    'cat/x',
    { kind: 'not permitted', reason: 'EACCES' },
    `error: not permitted: cat/x (EACCES)\n${ERROR_VALUE}\n`,
  ],
  [
    'error without key',
    '',
    { kind: 'bad request', reason: 'empty' },
    `error: bad request (empty)\n${ERROR_VALUE}\n`,
  ],
  [
    'records',
    '',
    {
      records: [
        { key: 'diskusage/', outcome: { value: '84', detail: '0GB free\nmore' } },
        { key: 'lod1', outcome: { kind: 'no such key', reason: '' } },
        { key: 'ctxt', outcome: { value: '70' } },
        { key: 'load1', outcome: { value: '0.00', detail: '0.00 1/2 3' }, below: true },
        { raw: 'mine\n\n1\n' },
      ],
    },
    `diskusage/ 0GB free\n\n84\nlod1 error: no such key\n\n${ERROR_VALUE}\nctxt\n\n70\n` +
      'load1\n\n0.00 1/2 3\n0.00\nmine\n\n1\n',
  ],
]

for (const [name, key, reply, expected] of replies)
  test(`encodeReply() ${name}`, () => {
    assert.equal(encodeReply(key, reply, 1472), expected)
  })

test('encodeReply() cuts the middle of a detail, and says how much', () => {
  const detail = 'word '.repeat(100)
  const reply = encodeReply('x', { value: '1', detail }, 200)
  const [, before, cut, after] = /^(.*)\[(\d+) bytes cut\](.*)\n1\n$/.exec(reply) ?? []
  assert.ok(reply.length <= 200 && reply.length > 190)
  assert.ok(detail.startsWith(before ?? '-') && detail.endsWith(after ?? '-'))
  assert.equal(Number(cut), detail.length - (before?.length ?? 0) - (after?.length ?? 0))
})

test('encodeReply() counts what a reader did not keep', () => {
  const excerpt = { head: 'aa bb', cut: 1000, tail: 'cc dd' }
  assert.equal(
    encodeReply('x', { value: '1', detail: excerpt }, 1472),
    'aa bb[1000 bytes cut]cc dd\n1\n',
  )
})

test('encodeReply() cuts neither inside a number nor inside a character', () => {
  const number = fc
    .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
    .map(String)
  const word = fc.oneof(number, fc.constant('\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80'))
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 60, maxLength: 300 }),
      fc.integer({ min: 100, max: 1472 }),
      (words, limit) => {
        const reply = encodeReply('x', { value: '1', detail: words.join(' ') }, limit)
        assert.ok(reply.length <= limit)
        for (const part of reply.slice(0, -3).split(/\[\d+ bytes cut\]|[ \n]/)) {
          if (/[^\x20-\x7e]/.test(part))
            assert.doesNotMatch(Buffer.from(part, 'latin1').toString('utf8'), /\ufffd/)
          else if (part !== '') assert.ok(words.includes(part), part)
        }
      },
    ),
  )
})

test('encodeReply() refuses a value that does not fit', () => {
  assert.match(
    encodeReply('cat/x', { value: 'v'.repeat(2000) }, 1472),
    /^error: cannot answer now: cat\/x \(a value of 2000 bytes does not fit\)\n9223372036854775807\n$/,
  )
})

const entry: fc.Arbitrary<Entry> = fc.record({
  key: fc.stringMatching(/^[a-z/]{0,400}$/),
  outcome: fc.oneof(
    fc.record({ value: fc.stringMatching(/^[0-9]{1,1500}$/) }),
    fc.record({ value: fc.stringMatching(/^[0-9]{1,4}$/), detail: fc.stringMatching(/^[a-z ]*$/) }),
    fc.constant({ kind: 'no such object' as const, reason: 'gone' }),
  ),
})

test('encodeReply() leaves out whole records and counts them before the last', () => {
  fc.assert(
    fc.property(
      fc.array(entry, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 640, max: 1472 }),
      (records, limit) => {
        const reply = encodeReply('', { records }, limit)
        assert.ok(reply.length <= limit, `${reply.length} of ${limit}`)
        const found = reply.match(/[^\n]*\n\n[^\n]*\n/g) ?? []
        assert.equal(found.join(''), reply)
        const cut = /^cut (\d+) records\n\n(\d+)\n$/.exec(found.at(-2) ?? '')
        const kept = cut ? found.length - 1 : found.length
        assert.equal(kept + Number(cut?.[1] ?? 0), records.length)
        assert.equal(cut?.[1], cut?.[2])
        assert.ok(found.at(-1)?.startsWith(records.at(-1)?.key ?? '-'))
      },
    ),
  )
})
