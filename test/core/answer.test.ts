import assert from 'node:assert/strict'
import { constants } from 'node:os'
import { test } from 'node:test'
import { getSystemErrorName } from 'node:util'
import { answerAll, answerer, MOST_PENDING, refusal } from '../../src/core/answer.ts'
import type { Check, Question, Records, Reply } from '../../src/core/check.ts'
import { badArgument, ParseError } from '../../src/core/errors.ts'
import { registry } from '../../src/core/registry.ts'
import type { System } from '../../src/core/system.ts'

const system = { deadline: 50 } as System
const check = (key: string, run: Check['run'], argument = '[/X]'): Check => ({
  key,
  argument,
  slow: true,
  summary: '',
  run,
})
const heard: unknown[] = []
const asks = (...checks: Check[]) =>
  answerer(registry(checks), system, (key, fault) => heard.push([key, fault]))
const never = new Promise<never>(() => {})

const errnos: [keyof typeof constants.errno, string][] = [
  ['ENOENT', 'no such object'],
  ['EOPNOTSUPP', 'no such object'],
  ['EACCES', 'not permitted'],
  ['ENAMETOOLONG', 'bad argument'],
  ['EIO', 'cannot answer now'],
]
for (const [errno, kind] of errnos)
  test(`refusal() ${errno} as Node throws it: ${kind}`, () => {
    const code = getSystemErrorName(-constants.errno[errno])
    assert.deepEqual(refusal(Object.assign(new Error(), { code })), { kind, reason: code })
  })

test('registry() refuses a key that stands twice', () => {
  const twice = check('a', () => ({ value: '1' }))
  assert.throws(() => registry([twice, twice]), /Key declared twice: a/)
})

const grammar: [string, string, Reply][] = [
  ['unknown', 'b', { kind: 'no such key', reason: '' }],
  ['no property of objects', '__proto__', { kind: 'no such key', reason: '' }],
  ['upper case is another key', 'PATH', { kind: 'no such key', reason: '' }],
  ['an argument is wanted', 'path', { kind: 'bad argument', reason: 'ask path/PATH' }],
  ['none is taken', 'plain/', { kind: 'bad argument', reason: 'plain takes no argument' }],
  ['the argument keeps its slashes', 'path/a//b/', { value: 'a//b/' }],
  ['an empty argument', 'path/', { value: '' }],
  ['left out', 'may', { value: '' }],
]
for (const [name, key, expected] of grammar)
  test(`answerer() ${name}`, () => {
    const echo: Check['run'] = (_, value) => ({ value })
    const { argument: _, ...plain } = check('plain', echo)
    const ask = asks(check('path', echo, '/PATH'), check('may', echo), plain)
    assert.deepEqual(ask({ key }), expected)
  })

test('answerer() answers for a check that is not done by the deadline', async () => {
  const ask = asks(check('hung', () => never))
  assert.deepEqual(await ask({ key: 'hung' }), {
    kind: 'cannot answer now',
    reason: 'no answer within 50 ms',
  })
})

test('answerer() runs identical questions once while they are under way', async () => {
  let runs = 0
  const ask = asks(check('slow', async () => ({ value: String(++runs) })))
  const both = await Promise.all([
    ask({ key: 'slow' }),
    ask({ key: 'slow' }),
    ask({ key: 'slow/' }),
  ])
  assert.deepEqual(both, [{ value: '1' }, { value: '1' }, { value: '2' }])
  assert.deepEqual(await ask({ key: 'slow' }), { value: '3' })
})

test('answerer() bounds what is under way, and goes on with what is quick', async () => {
  const { slow: _, ...quick } = check('quick', () => ({ value: '1' }))
  const ask = asks(
    check('hung', () => never),
    quick,
  )
  const hung = Array.from({ length: MOST_PENDING }, (_, i) => ask({ key: `hung/${i}` }))
  assert.deepEqual(ask({ key: 'hung/more' }), {
    kind: 'cannot answer now',
    reason: `${MOST_PENDING} questions are under way`,
  })
  assert.deepEqual(ask({ key: 'quick' }), { value: '1' })
  await Promise.all(hung)
  assert.ok(ask({ key: 'hung/more' }) instanceof Promise)
})

const errors: [string, unknown, string, string][] = [
  ['Refused', badArgument('why'), 'bad argument', 'why'],
  ['ENOENT', Object.assign(new Error(), { code: 'ENOENT' }), 'no such object', 'ENOENT'],
  ['ESRCH', Object.assign(new Error(), { code: 'ESRCH' }), 'no such object', 'ESRCH'],
  ['EACCES', Object.assign(new Error(), { code: 'EACCES' }), 'not permitted', 'EACCES'],
  ['ESTALE', Object.assign(new Error(), { code: 'ESTALE' }), 'cannot answer now', 'ESTALE'],
  ['EMFILE', Object.assign(new Error(), { code: 'EMFILE' }), 'cannot answer now', 'EMFILE'],
  ['ParseError', new ParseError('f', 'x'), 'cannot answer now', 'Cannot parse f: "x"'],
  ['a fault', new TypeError('oops'), 'cannot answer now', 'internal error'],
  ['no error at all', 'oops', 'cannot answer now', 'internal error'],
]
for (const [name, error, kind, reason] of errors)
  test(`refusal() ${name}`, () => {
    const { fault, ...found } = refusal(error)
    assert.deepEqual(found, { kind, reason })
    assert.equal(fault !== undefined, reason === 'internal error')
  })

test('answerAll() one bad key does not cost its neighbours', async () => {
  const ask = asks(
    check('good', async () => ({ value: '1' })),
    check('bad', () => {
      throw badArgument('why')
    }),
  )
  const questions = [{ key: 'good' }, { key: 'bad' }, { key: 'x?', fault: 'not a key' }]
  assert.deepEqual(await answerAll(ask, questions), {
    records: [
      { key: 'good', outcome: { value: '1' } },
      { key: 'bad', outcome: { kind: 'bad argument', reason: 'why' } },
      { key: 'x?', outcome: { kind: 'bad request', reason: 'not a key' } },
    ],
  })
})

test('answerAll() takes up the records of a key that has several', () => {
  const records = [{ key: 'a', outcome: { value: '1' } }]
  const ask = asks(check('multi', () => ({ records })))
  assert.deepEqual(answerAll(ask, [{ key: 'multi' }, { key: 'multi' }]), {
    records: [...records, ...records],
  })
})

test('answerAll() asks a key once that stands several times, ready or not', async () => {
  const runs: string[] = []
  const ask = asks(
    check('ready', (_, argument) => {
      runs.push(argument)
      return { value: argument }
    }),
    check('late', async (_, argument) => {
      runs.push(argument)
      return { value: argument }
    }),
  )
  const keys = ['ready/a', 'late/b', 'ready/c', 'ready/a', 'late/b', 'ready/a']
  const found = await answerAll(
    ask,
    keys.map((key) => ({ key })),
  )
  assert.deepEqual(
    found.records,
    keys.map((key) => ({ key, outcome: { value: key.slice(-1) } })),
  )
  assert.deepEqual(runs, ['a', 'b', 'c'])
})

test('answerAll() a question at fault is not the key that reads like it', () => {
  const ask = asks(check('a', () => ({ value: '1' })))
  const outcomes = (...questions: Question[]) =>
    (answerAll(ask, questions) as Records).records.map(
      (record) => 'outcome' in record && record.outcome,
    )
  const [good, bad] = [{ key: 'a' }, { key: 'a', fault: 'why' }]
  const [one, refused] = [{ value: '1' }, { kind: 'bad request', reason: 'why' }]
  assert.deepEqual(outcomes(good, bad), [one, refused])
  assert.deepEqual(outcomes(bad, good), [refused, one])
})

test('answerer() tells of faults of ours, in records too', async () => {
  const fault = new TypeError('oops')
  const outcome = refusal(fault)
  const ask = asks(
    check('records', () => ({ records: [{ raw: '' }, { key: 'a', outcome }] })),
    check('late', () => Promise.reject(fault)),
  )
  await ask({ key: 'records' })
  await ask({ key: 'late' })
  assert.deepEqual(heard, [
    ['records', fault],
    ['late', fault],
  ])
})
