import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareDecimals, type Decimal, parseDecimal } from '../../src/core/decimal.ts'
import { parseRange, parseThreshold } from '../../src/core/thresholds.ts'

const decimal = (text: string): Decimal => {
  const parsed = parseDecimal(text)
  assert.ok(parsed, text)
  return parsed
}

for (const text of ['', '.', '-', '1.2.3', '1e3', '0x10', 'ten', ' 1', '1 ', 'NaN', '--1', '1,5'])
  test(`parseDecimal() refuses "${text}"`, () => assert.equal(parseDecimal(text), undefined))

const order: [string, '<' | '=' | '>', string][] = [
  ['1', '=', '1.000'],
  ['-0', '=', '0'],
  ['.5', '=', '0.50'],
  ['5.', '=', '5'],
  ['+7', '=', '7'],
  ['9223372036854775806', '<', '9223372036854775807'],
  ['18446744073709551615', '>', '18446744073709551614'],
  ['0.1', '<', '0.10000000000000000001'],
  ['-5', '<', '-4.99'],
  ['010', '=', '10'],
]
for (const [a, sign, b] of order)
  test(`compareDecimals() ${a} ${sign} ${b}`, () => {
    const expected = { '<': -1, '=': 0, '>': 1 }[sign]
    assert.equal(compareDecimals(decimal(a), decimal(b)), expected)
    assert.equal(compareDecimals(decimal(b), decimal(a)) + expected, 0)
  })

test('compareDecimals() orders integers as numbers do', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (a, b) => {
      assert.equal(compareDecimals(decimal(String(a)), decimal(String(b))), Math.sign(a - b))
    }),
  )
})

/** The truth table of the plugin guidelines: values that alarm, values that do not. */
const ranges: [range: string, alarm: string, quiet: string][] = [
  ['10', '-1 -0.01 10.01 11 9223372036854775807', '0 5 10'],
  ['10:', '9.99 0 -1', '10 10.5 9223372036854775807'],
  ['~:10', '10.01 11', '-9223372036854775807 0 10'],
  ['10:20', '9.9 20.1 -15', '10 15 20'],
  ['@10:20', '10 15 20', '9.9 20.1 -15'],
  ['@10', '0 5 10', '-1 11'],
  [':10', '-1 11', '0 10'],
  ['~:', '', '-5 0 5'],
  ['-5:5', '-6 6', '-5 0 5'],
  ['0.5:1.5', '0.4 1.6', '0.5 1 1.5'],
]
for (const [text, alarm, quiet] of ranges)
  test(`parseRange() ${text}`, () => {
    const range = parseRange(text)
    const words = (line: string): string[] => line.split(' ').filter((word) => word !== '')
    for (const value of words(alarm)) assert.equal(range?.alarms(decimal(value)), true, value)
    for (const value of words(quiet)) assert.equal(range?.alarms(decimal(value)), false, value)
  })

for (const junk of [
  '',
  'x',
  '20:10',
  '10:20:30',
  '@',
  '~',
  '1:x',
  'x:1',
  '10:~',
  '@~',
  '1-2',
  ' 10',
])
  test(`parseThreshold() refuses "${junk}"`, () => {
    assert.equal(parseThreshold(junk, 'above'), undefined)
  })

test('parseThreshold() a plain number alarms only above, as the original did, or only below', () => {
  const above = parseThreshold('10', 'above')
  const below = parseThreshold('10', 'below')
  for (const [value, isAbove, isBelow] of [
    ['-1', false, true],
    ['9.99', false, true],
    ['10', false, false],
    ['10.01', true, false],
  ] as const) {
    assert.equal(above?.alarms(decimal(value)), isAbove)
    assert.equal(below?.alarms(decimal(value)), isBelow)
  }
  assert.equal(parseThreshold('10:20', 'below'), undefined)
})
