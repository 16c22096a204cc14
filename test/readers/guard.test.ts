import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Guard, Hung, type PoolCall } from '../../src/readers/guard.ts'

/** A call that ends when the test says so. */
function held<T>(): {
  call: PoolCall<T>
  end: (error: Error | null, value: T) => void
  begun: number
} {
  const state = { begun: 0, end: (_error: Error | null, _value: T): void => {} }
  const call: PoolCall<T> = (done) => {
    state.begun++
    state.end = done
  }
  return Object.assign(state, { call })
}

const DEADLINE = 30

test('Guard.run() gives the result or the error of a call', async () => {
  const guard = new Guard(2, DEADLINE)
  assert.equal(await guard.run('/a', (done) => done(null, 7)), 7)
  const error = new Error('EIO')
  await assert.rejects(
    guard.run('/a', (done) => done(error, 0)),
    error,
  )
  assert.equal(guard.outstanding, 0)
})

test('Guard.run() one call at a time for a place, others go on', async () => {
  const guard = new Guard(3, 1_000)
  const [first, second] = [held<number>(), held<number>()]
  const one = guard.run('/a', first.call)
  const two = guard.run('/a', second.call)
  assert.equal(await guard.run('/b', (done) => done(null, 3)), 3)
  assert.equal(second.begun, 0)
  first.end(null, 1)
  assert.equal(second.begun, 1)
  second.end(null, 2)
  assert.deepEqual(await Promise.all([one, two]), [1, 2])
  assert.equal(guard.outstanding, 0)
})

test('Guard.run() a hung place is refused by the deadline, then at once, then recovers', async () => {
  const guard = new Guard(2, DEADLINE)
  const hung = held<number>()
  const before = Date.now()
  await assert.rejects(guard.run('/a', hung.call), (error: unknown) => {
    assert.ok(error instanceof Hung)
    assert.equal(error.kind, 'cannot answer now')
    assert.match(error.message, /^\/a hangs since \d{4}-\d\d-\d\dT.*Z$/)
    return error.since >= before
  })
  const next = held<number>()
  await assert.rejects(guard.run('/a', next.call), Hung)
  assert.equal(next.begun, 0)
  assert.deepEqual(
    guard.hung().map(({ name }) => name),
    ['/a'],
  )
  hung.end(null, 1)
  assert.deepEqual([guard.outstanding, guard.hung().length], [0, 0])
  assert.equal(await guard.run('/a', (done) => done(null, 2)), 2)
})

test('Guard.run() who waits behind a hung call is refused and never begun', async () => {
  const guard = new Guard(2, DEADLINE)
  const [hung, waiting] = [held<number>(), held<number>()]
  const both = [guard.run('/a', hung.call), guard.run('/a', waiting.call)]
  for (const { status } of await Promise.allSettled(both)) assert.equal(status, 'rejected')
  hung.end(null, 1)
  assert.equal(waiting.begun, 0)
  assert.equal(guard.outstanding, 0)
})

test('Guard.run() hands over what comes too late, so that it can be closed', async () => {
  const guard = new Guard(2, DEADLINE)
  const hung = held<number>()
  const late: number[] = []
  await assert.rejects(
    guard.run('/a', hung.call, (fd) => late.push(fd)),
    Hung,
  )
  hung.end(null, 33)
  assert.deepEqual(late, [33])
})

test('Guard.run() while nothing hangs, who finds the pool busy waits for it', async () => {
  const guard = new Guard(2, 1_000)
  const places = Array.from({ length: 40 }, (_, i) => `/${i}`)
  let [busy, most] = [0, 0]
  const call: PoolCall<number> = (done) => {
    busy++
    most = Math.max(most, busy)
    setImmediate(() => {
      busy--
      done(null, 1)
    })
  }
  const calls = [...places, ...places].map((place) => guard.run(place, call))
  assert.equal((await Promise.all(calls)).length, 80)
  assert.deepEqual([most, guard.outstanding], [2, 0])
})

test('Guard.run() one place that moves serves those who wait, others hang', async () => {
  const guard = new Guard(2, DEADLINE)
  await assert.rejects(guard.run('/hung', held<number>().call), Hung)
  const [first, second] = [held<number>(), held<number>()]
  const both = [guard.run('/a', first.call), guard.run('/b', second.call)]
  assert.equal(second.begun, 0)
  first.end(null, 1)
  second.end(null, 2)
  assert.deepEqual(await Promise.all(both), [1, 2])
  assert.equal(guard.outstanding, 1)
})

test('Guard.run() refuses at once while all places hang, and bounds who stands in line', async () => {
  const guard = new Guard(1, DEADLINE)
  const hung = held<number>()
  const first = guard.run('/hung', hung.call)
  const line = Array.from({ length: 300 }, (_, i) => guard.run(`/${i}`, held<number>().call))
  const early: unknown[] = []
  for (const call of line) call.catch((error) => early.push(error))
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(early.length, 44)
  await Promise.allSettled([first, ...line])
  const next = held<number>()
  const after = guard.run('/next', next.call).then(String, String)
  const turn = new Promise((resolve) => setImmediate(resolve, 'later'))
  assert.match(String(await Promise.race([after, turn])), /1 calls on other mounts are under way/)
  hung.end(null, 1)
  assert.deepEqual([next.begun, guard.outstanding], [0, 0])
})

test('Guard.run() hung places never fill the pool', async () => {
  const guard = new Guard(2, DEADLINE)
  const calls = ['/a', '/b', '/c'].map((place) => guard.run(place, held<number>().call))
  const [, , third] = await Promise.allSettled(calls)
  assert.match(
    String(third?.status === 'rejected' && third.reason),
    /2 calls on other mounts are under way/,
  )
  assert.equal(guard.outstanding, 2)
})

test('Guard.run() bounds who waits for one place', async () => {
  const guard = new Guard(2, DEADLINE)
  const calls = Array.from({ length: 70 }, () => guard.run('/a', held<number>().call))
  const refused = (await Promise.allSettled(calls)).filter(
    (call) => call.status === 'rejected' && /too many questions/.test(String(call.reason)),
  )
  assert.equal(refused.length, 5)
})

test('Guard.later() waits for the hang to end, however long', async () => {
  const guard = new Guard(2, DEADLINE)
  const [hung, close] = [held<number>(), held<number>()]
  await assert.rejects(guard.run('/a', hung.call), Hung)
  guard.later('/a', close.call)
  assert.equal(close.begun, 0)
  hung.end(null, 1)
  assert.equal(close.begun, 1)
  close.end(null, 0)
  assert.equal(guard.outstanding, 0)
})
