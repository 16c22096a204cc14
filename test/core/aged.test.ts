import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerer } from '../../src/core/answer.ts'
import type { Answer, Check, Records } from '../../src/core/check.ts'
import { registry } from '../../src/core/registry.ts'
import type { System } from '../../src/core/system.ts'

const answer = (found: Answer | Records | Promise<Answer>, age: number | undefined) => {
  const check: Check = { key: 'k', summary: '', run: () => found }
  const system = { deadline: 50, view: () => ({ system: {} as System, age: () => age }) }
  return answerer(registry([check]), system as unknown as System, () => {})({ key: 'k' })
}

const rows: [string, Answer, Answer][] = [
  ['no detail', { value: '1' }, { value: '1', detail: '(3s old)' }],
  ['an empty detail', { value: '1', detail: '' }, { value: '1', detail: '(3s old)' }],
  ['one line', { value: '1', detail: 'a b' }, { value: '1', detail: 'a b (3s old)' }],
  ['two lines', { value: '1', detail: 'a\nb' }, { value: '1', detail: 'a (3s old)\nb' }],
  [
    'an excerpt',
    { value: '1', detail: { head: 'a', cut: 9, tail: 'z' } },
    { value: '1', detail: { head: 'a (3s old)', cut: 9, tail: 'z' } },
  ],
]
for (const [name, found, expected] of rows)
  test(`runAged() says the age behind ${name}`, async () => {
    assert.deepEqual(answer(found, 3_400), expected)
    assert.deepEqual(await answer(Promise.resolve(found), 2_600), expected)
    assert.deepEqual(answer(found, undefined), found)
  })

test('runAged() leaves records alone: each was asked for by itself', () => {
  const records = { records: [{ raw: 'x\n1\n' }] }
  assert.deepEqual(answer(records, 3_400), records)
})
