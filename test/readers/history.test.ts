import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Rings } from '../../src/readers/history.ts'

/** Rings whose clock the test turns: one sample a second, from second 0 on. */
function rings(...samples: Record<string, number>[]) {
  const clock = { now: 0 }
  const history = new Rings(() => clock.now)
  const add = (sample: Record<string, number>, after = 1000): void => {
    clock.now += after
    history.add(Object.entries(sample))
  }
  for (const sample of samples) add(sample)
  return { history, add, clock }
}

const counting = (seconds: number) => Array.from({ length: seconds + 1 }, (_, i) => ({ a: i * 10 }))

test('Rings.span() there is no rate before two samples', () => {
  const { history, add } = rings()
  assert.throws(() => history.span(['a'], 60), /not sampled yet/)
  add({ a: 1 })
  assert.throws(() => history.span(['a'], 60), /not sampled yet/)
  add({ a: 3 }, 100)
  const span = history.span(['a'], 60)
  assert.equal(span.seconds, 0.1)
  assert.equal(history.growth('a', span), 2)
})

test('Rings.add() a sample that comes late counts from when it was read', () => {
  const { history, clock } = rings({ a: 0 })
  clock.now += 1_700
  history.add([['a', 10]], clock.now - 700)
  const span = history.span(['a'], 60)
  assert.equal(span.seconds, 1)
})

test('Rings.span() takes the window that is asked for, or as much as there is', () => {
  const { history } = rings(...counting(100))
  for (const [asked, got] of [
    [1, 1],
    [60, 60],
    [99, 99],
    [300, 100],
  ] as const) {
    const span = history.span(['a'], asked)
    assert.equal(span.seconds, got)
    assert.equal(history.growth('a', span), got * 10)
  }
})

test('Rings.span() is right when the ring has gone round', () => {
  const { history } = rings(...counting(1000))
  const span = history.span(['a'], 300)
  assert.equal(span.seconds, 300)
  assert.equal(history.growth('a', span), 3000)
})

test('Rings.span() a late timer does not lose a sample of the window', () => {
  const { history, add } = rings({ a: 0 })
  for (let i = 1; i <= 10; i++) add({ a: i }, 1003)
  assert.equal(history.growth('a', history.span(['a'], 10)), 10)
})

test('Rings.span() a late sample is better than none in a short window', () => {
  const { history, add } = rings({ a: 0 }, { a: 1 })
  add({ a: 9 }, 4_500)
  assert.equal(history.span(['a'], 1).seconds, 4.5)
})

test('Rings.span() a counter that falls starts a new series', () => {
  const { history, add } = rings({ a: 5, b: 1 }, { a: 9, b: 2 }, { a: 2, b: 3 })
  assert.throws(() => history.span(['a'], 60), /not sampled twice/)
  assert.equal(history.span(['b'], 60).seconds, 2)
  add({ a: 6, b: 4 })
  const span = history.span(['a', 'b'], 60)
  assert.deepEqual([span.seconds, history.growth('a', span), history.growth('b', span)], [1, 4, 1])
})

test('Rings.span() a second without the counter starts a new series', () => {
  const { history, add } = rings({ a: 1, b: 1 }, { a: 2, b: 2 }, { b: 3 })
  assert.equal(history.has('a'), false)
  assert.throws(() => history.span(['a'], 60), /not sampled yet/)
  add({ a: 8, b: 4 })
  assert.throws(() => history.span(['a'], 60), /not sampled twice/)
  add({ a: 9, b: 5 })
  assert.equal(history.growth('a', history.span(['a'], 60)), 1)
})

test('Rings.span() a sampler that stopped has nothing to say about now', () => {
  const { history, clock } = rings({ a: 1 }, { a: 2 })
  clock.now += 6_000
  assert.throws(() => history.span(['a'], 60), /too old/)
})

test('Rings.has() forgets an interface that has gone for as long as the ring', () => {
  const { history, add } = rings({ a: 1, b: 1 })
  for (let i = 0; i < 400; i++) add({ a: 1 })
  assert.equal(history.has('a'), true)
  assert.equal(history.has('b'), false)
  add({ a: 1, b: 7 })
  assert.throws(() => history.span(['b'], 60), /not sampled twice/)
})

test('Rings.steps() takes a span apart, second by second; what is too short goes with the next', () => {
  const { history, add } = rings({ a: 0 })
  for (const [count, after] of [
    [1, 100],
    [11, 1000],
    [111, 1000],
    [112, 3000],
  ] as const)
    add({ a: count }, after)
  const span = history.span(['a'], 60)
  const steps = history.steps(span).map((step) => [step.seconds, history.growth('a', step)])
  assert.deepEqual(steps, [
    [1.1, 11],
    [1, 100],
    [3, 1],
  ])
})

test('Rings.steps() of less than a second is that', () => {
  const { history, add } = rings({ a: 0 })
  add({ a: 5 }, 100)
  const span = history.span(['a'], 60)
  assert.deepEqual(history.steps(span), [span])
})

test('Rings.latest() is the newest count', () => {
  assert.equal(rings({ a: 1 }, { a: 7 }).history.latest('a'), 7)
})

test('Rings with another period remember as many of those', () => {
  const clock = { now: 0 }
  const history = new Rings(() => clock.now, 60_000)
  for (let minute = 0; minute <= 100; minute++) {
    clock.now = minute * 60_000
    history.add([['a', minute]])
  }
  clock.now += 59_000
  const span = history.span(['a'], 3600)
  assert.deepEqual([span.seconds, history.growth('a', span)], [3600, 60])
})
