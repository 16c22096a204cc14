import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { checks } from '../../src/checks/index.ts'
import { answerer } from '../../src/core/answer.ts'
import type { Answer, Check } from '../../src/core/check.ts'
import { registry } from '../../src/core/registry.ts'
import { parseSets } from '../../src/core/sets.ts'
import type { System } from '../../src/core/system.ts'
import { readSets } from '../../src/readers/sets.ts'
import { directory } from '../helpers/tools.ts'

const table = registry(checks)

const good: [string, string, [string, string[]][]][] = [
  ['an empty file', '', []],
  ['one set', 'web = load1 diskusage/', [['web', ['load1', 'diskusage/']]]],
  ['no blanks', 'web=load1', [['web', ['load1']]]],
  ['blanks, tabs and CR', ' \tweb\t =\tload1  swaps \r\n\r\n', [['web', ['load1', 'swaps']]]],
  [
    'two sets',
    'b.1 = load1\n\na-2=load5\n',
    [...Object.entries({ 'b.1': ['load1'], 'a-2': ['load5'] })],
  ],
  ['comments', '# a = b\n  # c\nweb = load1 # swaps\n', [['web', ['load1']]]],
  ['a # inside a key', 'web = cmdline/a#b', [['web', ['cmdline/a#b']]]],
  [
    'quotation marks',
    `w = "cmdline/a 'b" 'cmdline/"#' load1`,
    [['w', [`cmdline/a 'b`, 'cmdline/"#', 'load1']]],
  ],
  ['a quotation mark inside a key', `w = process/it's`, [['w', [`process/it's`]]]],
  ['loadmulti', 'all = loadmulti loadmulti/1', [['all', ['loadmulti', 'loadmulti/1']]]],
  ['UTF-8', 'w = process/\xc3\xa4', [['w', ['process/\xc3\xa4']]]],
]
for (const [name, text, expected] of good)
  test(`parseSets() ${name}`, () => assert.deepEqual([...parseSets(text, table)], expected))

const bad: [string, string][] = [
  ['load1 swaps', 'not of the form NAME = KEY ...'],
  ['a b = load1', 'not of the form NAME = KEY ...'],
  ['a/b = load1', 'not of the form NAME = KEY ...'],
  ['= load1', 'not of the form NAME = KEY ...'],
  ['web =', 'set web has no keys'],
  ['web = # load1', 'set web has no keys'],
  ['first = load1', 'set first is there already'],
  ['web = lod1', 'no such key: lod1'],
  ['web = load1 ""', 'no such key: '],
  ['web = load1/x', 'bad argument: load1/x (load1 takes no argument)'],
  ['web = cat', 'bad argument: cat (ask cat/PATH)'],
  ['web = multi/first', 'a set holds no other set: multi/first'],
  ['web = "cmdline/a b', 'a quotation mark is not closed'],
  [`web = 'cmdline/a'b`, 'a quotation mark is not closed'],
  ['web = "cmdline/a\tb"', 'control character in a key'],
  ['web = process/\xff', 'a key is not UTF-8'],
]
for (const [line, reason] of bad)
  test(`parseSets() refuses ${JSON.stringify(line)}`, () =>
    assert.throws(() => parseSets(`first = load1\n\n${line}\n`, table), {
      message: `line 3: ${reason}`,
    }))

test('parseSets() takes any text or says which line is wrong', () =>
  fc.assert(
    fc.property(fc.string(), fc.string(), (left, right) => {
      try {
        parseSets(`${left}\n${right} = load1 ${left}`, table)
      } catch (error) {
        assert.match((error as Error).message, /^line \d+: ./)
      }
    }),
  ))

test('readSets() names the file', (t) => {
  const file = join(directory(t), 'sets')
  writeFileSync(file, 'web = lod1\n')
  assert.throws(() => readSets(file, table), {
    message: `unable to read the sets of ${file}: line 1: no such key: lod1`,
  })
  assert.throws(() => readSets(`${file}.none`, table), {
    message: `unable to read the sets of ${file}.none: no such file or directory`,
  })
  assert.deepEqual(readSets(undefined, table), new Map())
})

const multi = table.get('multi') as Check
const slow = (key: string, run: () => Answer | Promise<Answer>): Check => ({
  key,
  argument: '[/X]',
  slow: true,
  summary: '',
  run,
})

test('multi/NAME is answered as its keys in one request are; a hung one costs no other', async () => {
  let runs = 0
  const faults: string[] = []
  const ask = answerer(
    registry([
      multi,
      slow('quick', () => ({ value: '1', detail: 'd' })),
      slow('hung', () => new Promise(() => {})),
      slow('counted', async () => ({ value: String(++runs) })),
      slow('faulty', () => Promise.reject(new TypeError('oops'))),
    ]),
    { deadline: 50 } as System,
    (key) => faults.push(key),
    new Map([['web', ['quick', 'hung', 'counted', 'hung/2', 'faulty']]]),
  )
  const late = { kind: 'cannot answer now', reason: 'no answer within 50 ms' } as const
  // The same key asked alone at the same time shares the run.
  const [reply, alone] = await Promise.all([ask({ key: 'multi/web' }), ask({ key: 'counted' })])
  assert.deepEqual(reply, {
    records: [
      { key: 'quick', outcome: { value: '1', detail: 'd' } },
      { key: 'hung', outcome: late },
      { key: 'counted', outcome: { value: '1' } },
      { key: 'hung/2', outcome: late },
      { key: 'faulty', outcome: { kind: 'cannot answer now', reason: 'internal error' } },
    ],
  })
  assert.deepEqual(alone, { value: '1' })
  assert.deepEqual(faults, ['faulty'])
})

test('multi/NAME of quick keys is answered at once', () => {
  const ask = answerer(
    registry([multi, slow('a', () => ({ value: '1' }))]),
    {} as System,
    () => {},
    new Map([['web', ['a', 'a/x']]]),
  )
  const outcome = { value: '1' }
  assert.deepEqual(ask({ key: 'multi/web' }), {
    records: [
      { key: 'a', outcome },
      { key: 'a/x', outcome },
    ],
  })
})
