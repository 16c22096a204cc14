import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as daemon from '../../src/bin/options.ts'
import { help } from '../../src/bin/program.ts'
import { optionList, parseArguments, UsageError } from '../../src/clients/argv.ts'

const OPTS = [
  { name: 'proc', value: 'DIR', summary: 'where' },
  { name: 'listen', value: 'ADDR', repeatable: true, summary: 'on' },
  { name: 'help', summary: 'help' },
] as const

const rows: [string[], unknown][] = [
  [['a', 'b'], { proc: undefined, listen: [], help: false, rest: ['a', 'b'] }],
  [['--proc', '/p', 'a'], { proc: '/p', listen: [], help: false, rest: ['a'] }],
  [['--proc=/p=q', 'a'], { proc: '/p=q', listen: [], help: false, rest: ['a'] }],
  [['--proc', '-5', 'a'], { proc: '-5', listen: [], help: false, rest: ['a'] }],
  [['--proc', '010', 'a'], { proc: '010', listen: [], help: false, rest: ['a'] }],
  [
    ['--listen', '::1', '--listen=b'],
    { proc: undefined, listen: ['::1', 'b'], help: false, rest: [] },
  ],
  [['a', '--help', 'b'], { proc: undefined, listen: [], help: true, rest: ['a', 'b'] }],
  [['--', '--proc', 'x'], { proc: undefined, listen: [], help: false, rest: ['--proc', 'x'] }],
]
for (const [argv, expected] of rows)
  test(`parseArguments() ${argv.join(' ')}`, () => {
    const { has, value, values, rest } = parseArguments(OPTS, argv)
    const got = { proc: value('proc'), listen: values('listen'), help: has('help'), rest }
    assert.deepEqual(got, expected)
  })

for (const [argv, sentence] of [
  [['--proc'], /--proc wants a value/],
  [['--proc='], /--proc wants a value/],
  [['--proc', 'a', '--proc', 'b'], /--proc is given twice/],
  [['--prok', 'a'], /unknown option --prok/],
  [['-d'], /unknown option -d/],
  [['--no-listen'], /unknown option --no-listen/],
  [['--help=no'], /--help takes no value/],
] as const)
  test(`parseArguments() refuses ${argv.join(' ')}`, () =>
    assert.throws(
      () => parseArguments(OPTS, argv),
      (error: Error) => {
        assert.ok(error instanceof UsageError)
        return sentence.test(error.message)
      },
    ))

test('optionList() has a line for each option', () => {
  assert.equal(
    optionList(OPTS),
    '  --proc DIR     where\n  --listen ADDR  on\n  --help         help\n',
  )
  assert.ok(help(daemon.KNOERRED).includes(optionList(daemon.OPTIONS)))
})

const readOptions = (argv: readonly string[]) =>
  daemon.readOptions(parseArguments(daemon.OPTIONS, argv))

test('readOptions() defaults', () => {
  const options = readOptions(['8888', '127.0.0.1'])
  const { allow, ...rest } = options
  assert.equal(allow('127.0.0.1'), true)
  assert.deepEqual(rest, {
    port: 8888,
    listen: [],
    proc: '/proc',
    sys: '/sys',
    root: '/',
    cache: '/nagios-cache',
    maxReply: undefined,
    deadline: 500,
    user: undefined,
    sets: undefined,
    nrpe: undefined,
    source: 'linux',
  })
})

test('readOptions() takes slashes off the end of a directory', () => {
  const options = readOptions(['--proc', '/host/proc//', '--root', '/', '1', '::1'])
  assert.deepEqual([options.proc, options.root], ['/host/proc', '/'])
})

for (const [argv, sentence] of [
  [[], /a port is wanted/],
  [['8888'], /at least one client/],
  [['x', '::1'], /port is a number from 0 to 65535, not "x"/],
  [['65536', '::1'], /port is a number/],
  [['8888', 'localhost'], /is a name/],
  [['--deadline', '0', '1', '::1'], /--deadline is a number from 10/],
  [['--max-reply', '100', '1', '::1'], /--max-reply is a number from 640/],
  [['--listen', '0.0.0.0', '1', '::1'], /leave --listen 0.0.0.0 out/],
  [['--listen', '::', '1', '::1'], /leave --listen :: out/],
  [['--source', 'windows', '1', '::1'], /--source is linux or portable, not "windows"/],
  [['--source', 'portable', '--proc', '/x', '1', '::1'], /--source portable reads no --proc/],
  [['--source', 'portable', '--sys', '/x', '1', '::1'], /--source portable reads no --sys/],
  [['--listen', 'eth0', '1', '::1'], /--listen "eth0" is not an address/],
] as const)
  test(`readOptions() refuses ${argv.join(' ')}`, () =>
    assert.throws(
      () => readOptions(argv),
      (error: Error) => sentence.test(error.message),
    ))
