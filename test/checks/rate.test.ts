import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extremes, hundredths, rateOf, whole } from '../../src/checks/rate.ts'
import { Rings } from '../../src/readers/history.ts'

/** A history of one counter, a sample a second. */
function counted(...counts: number[]): Rings {
  const clock = { now: 0 }
  const history = new Rings(() => clock.now)
  for (const count of counts) {
    clock.now += 1000
    history.add([['a', count]])
  }
  return history
}

test('rateOf() tells the mean of the window, and its lowest and highest second', () => {
  const { value, extremes } = rateOf(counted(0, 10, 10, 100, 104), ['a'], 60)
  assert.deepEqual([value, extremes()], ['26', 'min=0 max=90'])
})

test('rateOf() looks at no second before the window', () => {
  const { extremes } = rateOf(counted(0, 900, 910, 930), ['a'], 2)
  assert.equal(extremes(), 'min=10 max=20')
})

test('hundredths() one lost packet in five minutes is not nothing', () => {
  assert.equal(hundredths(1 / 300), '0.01')
  assert.equal(hundredths(0), '0.00')
  assert.equal(hundredths(0.07), '0.07')
  assert.equal(hundredths(12.5), '12.50')
})

test('extremes() seconds without a figure do not count', () => {
  const history = counted(0, 1, 2, 3)
  const span = history.span(['a'], 60)
  const odd = ({ to }: { to: number }) => (to % 2 === 0 ? Number.NaN : to * 5)
  assert.equal(extremes(history, span, odd, whole), 'min=5 max=15')
  assert.equal(
    extremes(history, span, () => Number.NaN, whole),
    'min=0 max=0',
  )
})
