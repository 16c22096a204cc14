import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import {
  feedsShell,
  fillIn,
  highestArgument,
  parseWords,
  WordError,
} from '../../src/codec/words.ts'

const split = (line: string, ...args: string[]): string[] => fillIn(parseWords(line), args)

/** The words as sh splits them. */
const bySh = (line: string): string[] =>
  execFileSync('sh', ['-c', `for word in ${line}; do printf '%s\\0' "$word"; done`], {
    encoding: 'utf8',
  })
    .split('\0')
    .slice(0, -1)

test('parseWords() splits as sh does', () => {
  for (const line of [
    '/usr/lib/nagios/plugins/check_load -r -w .15,.10,.05 -c .30,.25,.20',
    `a "b c" 'd e' f\\ g`,
    `-w 20% -C "it's" --x='"quoted"' -e "^foo$"`,
    `a"b"'c'd "" '' e`,
    `"a \\" b" "\\\\" "\\x" '\\n' \\' \\"`,
    'a#b c~d e=f %!',
    'tab\there   twice',
    'héllo "wörld"',
    'cost$ 5$',
  ])
    assert.deepEqual(split(line), bySh(line), line)
})

test('parseWords() refuses what only a shell can do', () => {
  for (const line of [
    'a | b',
    'a; b',
    'a && b',
    'a > b',
    'a < b',
    'a $(b)',
    'a `b`',
    'a "`b`"',
    'a $HOME',
    'a "$' + '{HOME}"',
    'a $1',
    'a *.c',
    'a ?',
    'a [x]',
    'a ~/b',
    'a # b',
    '(a)',
    'LC_ALL=C a',
    'a "b',
    "a 'b",
    'a \\',
    '',
    '   ',
  ])
    assert.throws(() => parseWords(line), WordError, line)
})

test('fillIn() puts arguments in their places', () => {
  assert.deepEqual(split('c -w $ARG1$ -c $ARG2$', '5', '9'), ['c', '-w', '5', '-c', '9'])
  assert.deepEqual(split('c $ARG1$', '-w 20% -c 10%  -p /'), [
    'c',
    '-w',
    '20%',
    '-c',
    '10%',
    '-p',
    '/',
  ])
  assert.deepEqual(split('c "$ARG1$"', '-w 20% x'), ['c', '-w 20% x'])
  assert.deepEqual(split('c $ARG1$', '-a "two words" -b'), ['c', '-a', 'two words', '-b'])
  assert.deepEqual(split('c --x=$ARG1$/y', 'a b'), ['c', '--x=a', 'b/y'])
  assert.deepEqual(split('c $ARG1$$ARG2$ d', 'a ', ' b'), ['c', 'a', 'b', 'd'])
  assert.deepEqual(split('c $ARG1$ "$ARG2$" d'), ['c', '', 'd'])
  assert.deepEqual(split("c '$ARG1$'", 'x y'), ['c', 'x y'])
  assert.deepEqual(split("c '$$1' $ARG16$", ...Array(15).fill(''), 'z'), ['c', '$1', 'z'])
})

test('fillIn() gives no sign of an argument a meaning', () => {
  const evil = '$(id) `id` ; id | id > /x * $HOME \\'
  assert.deepEqual(split('c "$ARG1$"', evil), ['c', evil])
  assert.deepEqual(split('c $ARG1$', evil), ['c', ...evil.split(' ')])
  assert.deepEqual(split('c "$ARG1$"', 'a" -x "b'), ['c', 'a" -x "b'])
  assert.deepEqual(split('c $ARG1$', `it's "so`), ['c', `it's`, '"so'])
})

test('feedsShell() knows lines whose arguments would be code of a shell', () => {
  for (const line of [
    'sh -c "echo $ARG1$"',
    '/bin/sh -c $ARG1$',
    '/usr/bin/sudo -n /bin/bash -o pipefail -ec "a $ARG2$"',
    'bash $ARG1$',
    "env A=b dash -c '$ARG1$'",
  ])
    assert.equal(feedsShell(parseWords(line)), true, line)
  for (const line of [
    'sh -c "mailq" x $ARG1$',
    '/bin/sh /usr/local/lib/check_ours.sh $ARG1$',
    '/usr/lib/nagios/plugins/check_sh -c $ARG1$',
    '/usr/lib/nagios/plugins/check_load -c $ARG1$',
    'sh',
  ])
    assert.equal(feedsShell(parseWords(line)), false, line)
})

test('highestArgument() of a line', () => {
  assert.equal(highestArgument(parseWords('a $ARG2$ "$ARG11$"')), 11)
  assert.equal(highestArgument(parseWords('a')), 0)
})
