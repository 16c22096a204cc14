import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fitOutput } from '../../src/codec/output.ts'

test('fitOutput() leaves alone what fits', () => {
  assert.equal(fitOutput('OK | a=1\nlong | b=2', 19), 'OK | a=1\nlong | b=2')
})

test('fitOutput() takes from the long text first, and keeps all performance data', () => {
  const output = `OK - fine | a=1;2;3\n${'detail line\n'.repeat(100)}end | b=2 'c d'=3`
  const cut = fitOutput(output, 200)
  assert.ok(cut.length <= 200)
  assert.match(cut, /^OK - fine \| a=1;2;3\ndetail line\n.*\[\d+ bytes cut\]\| b=2 'c d'=3$/s)
  const [, gone] = /\[(\d+) bytes cut\]/.exec(cut) ?? []
  assert.equal(cut.length - `[${gone} bytes cut]`.length + Number(gone), output.length)
})

test('fitOutput() takes from the first line when there is nothing else', () => {
  const cut = fitOutput(`OK ${'x'.repeat(2_000)} | load1=0.15;5;10 load5=0.2`, 1_023)
  assert.ok(cut.length <= 1_023)
  assert.match(cut, /^OK x+\[\d+ bytes cut\]\| load1=0.15;5;10 load5=0.2$/)
})

test('fitOutput() cuts performance data by whole items, when nothing else is left', () => {
  const items = Array.from({ length: 200 }, (_, i) => `'disk ${i}'=${i}MB;1;2;0;100`)
  const cut = fitOutput(`OK - disks | ${items.join(' ')}`, 1_023)
  assert.ok(cut.length <= 1_023)
  const [, data = ''] = /^OK - disks \[\d+ bytes cut\]\| (.*)$/.exec(cut) ?? []
  const kept = data.match(/'[^']*'=\S+/g) ?? []
  assert.ok(kept.length > 20)
  assert.deepEqual(kept, items.slice(0, kept.length))
  assert.equal(kept.join(' '), data)
})

test('fitOutput() never joins, halves or marks an item of performance data', () => {
  const items = (text: string): string[] => {
    const [, first = '', longData = ''] =
      /^[^|\n]*\|?([^\n]*)(?:\n[^|]*\|?(.*))?$/s.exec(text) ?? []
    return `${first} ${longData}`.split(/\s+/).filter((item) => item !== '')
  }
  const heads = fc.integer({ min: 0, max: 300 }).map((length) => `OK ${'x'.repeat(length)}`)
  const data = fc
    .integer({ min: 0, max: 40 })
    .map((count) => Array.from({ length: count }, (_, i) => `item${i}=${i}MB;1;2`))
  fc.assert(
    fc.property(heads, data, heads, data, fc.nat(400), (head, own, long, more, over) => {
      const text = `${head}|${own.join(' ')}\n${long}|${more.join(' ')}`
      const limit = Math.max(200, text.length - over)
      const cut = fitOutput(text, limit)
      const kept = items(cut)
      assert.ok(cut.length <= limit)
      assert.deepEqual(kept, [...own, ...more].slice(0, kept.length), cut)
    }),
    { numRuns: 1_000 },
  )
  assert.equal(fitOutput('OK|a=1', 1_023, 5), 'OK[5 bytes cut]|a=1')
})

test('fitOutput() never cuts inside a UTF-8 character', () => {
  const output = Buffer.from('ä€𝄞'.repeat(500)).toString('latin1')
  for (let limit = 100; limit < 140; limit++) {
    const cut = fitOutput(output, limit)
    assert.ok(cut.length <= limit)
    const text = Buffer.from(cut, 'latin1')
    assert.ok(!text.toString('utf8').includes('\ufffd'), String(limit))
  }
})

test('fitOutput() counts what was lost before', () => {
  assert.equal(fitOutput('yes\nyes', 1_023, 5), 'yes\nyes[5 bytes cut]')
})

test('fitOutput() fits anything, in little time', () => {
  const signs = fc.constantFrom('a', '|', '\n', "'", '=', ' ', '1', '\xc3\xa4')
  fc.assert(
    fc.property(
      fc.array(signs, { maxLength: 900 }),
      fc.integer({ min: 400, max: 700 }),
      (text, limit) => {
        assert.ok(fitOutput(text.join(''), limit).length <= limit)
      },
    ),
  )
  const start = performance.now()
  fitOutput(`|${"'".repeat(262_143)}`, 65_535)
  assert.ok(performance.now() - start < 500)
})
