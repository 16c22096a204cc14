// What is said in several places is the same in all of them.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { CONF } from '../src/bin/conf-options.ts'
import { NRPE_OPTIONS } from '../src/bin/nrpe-options.ts'
import { KNOERRE } from '../src/bin/once-options.ts'
import { HTTPD_OPTIONS, OPTIONS } from '../src/bin/options.ts'
import { checks } from '../src/checks/index.ts'
import { optionHead } from '../src/clients/argv.ts'
import * as http from '../src/clients/remote-http.ts'
import * as udp from '../src/clients/remote-udp.ts'
import * as udpMulti from '../src/clients/remote-udp-multi.ts'
import * as udpTime from '../src/clients/remote-udp-time.ts'
import { directives } from '../src/codec/nrpe-directives.ts'
import { named } from '../src/commands/index.ts'
import { type Check, syntax } from '../src/core/check.ts'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const { name, version, bin, man } = JSON.parse(read('package.json'))

/** First and second cell of each row of the Markdown table under a heading of one column. */
function table(text: string, heading: string): string[][] {
  const [, rows = ''] = text.split(`\n| ${heading} |`)
  const lines = (rows.split('\n\n', 1)[0] ?? '').split('\n').slice(2)
  return lines.map((line) => line.split(/ ?\| ?/).slice(1, -1))
}

const code = (text: string): string => `\`${text}\``
const keys = checks.map((check) => [code(syntax(check)), check.summary])

test('the keys of the README are those of the table, with its words', () => {
  assert.deepEqual(table(read('README.md'), 'key'), keys)
})

test('the keys of docs/protocol.md are those of the table', () => {
  assert.deepEqual(
    table(read('docs/protocol.md'), 'key').map(([key]) => key),
    keys.map(([key]) => key),
  )
})

test('docs/keys.md names what every key reads, and its measured price', () => {
  const rows = table(read('docs/keys.md').replace(/<!-- .* -->\n/g, ''), 'key')
  assert.deepEqual(
    rows.map(([key]) => key),
    keys.map(([key]) => key),
  )
  const priced = /^(\d+\.\d( f)?|-)(; (NAME|DEV) (\d+\.\d( f)?|-))?$/
  for (const [key, source = '', price = ''] of rows)
    assert.ok(source !== '' && priced.test(price), `${key} ${source} ${price}`)
})

/** `.TP`, a head in bold, a line of text: the entries of a section of a manual page. */
function entries(page: string, section: string): string[][] {
  const [, text = ''] = read(page).split(`.SH ${section}\n`)
  const body = text.split('\n.SH ', 1)[0] ?? ''
  return [...body.matchAll(/^\.TP\n\.B (.*)\n(.*)$/gm)].map(([, head = '', line = '']) => [
    head.replaceAll('\\-', '-'),
    line,
  ])
}

test('the keys of knoerred(8) are those of the table, with its words', () => {
  const expected = checks.map((check) => [syntax(check), check.summary])
  assert.deepEqual(entries('man/knoerred.8', 'KEYS'), expected)
})

const options = OPTIONS.map((option) => [
  option.value ? `--${option.name} ${option.value}` : `--${option.name}`,
  option.summary,
])

test('the options of knoerred(8) and of the README are those of --help', () => {
  assert.deepEqual(entries('man/knoerred.8', 'OPTIONS'), options)
  assert.deepEqual(
    table(read('README.md'), 'option'),
    options.map(([head = '', text]) => [code(head), text]),
  )
})

for (const [page, table] of [
  ['check_remote_by_udp.1', udp.OPTIONS],
  ['check_remote_by_udp_time.1', udpTime.OPTIONS],
  ['check_remote_by_udp_multi.1', udpMulti.OPTIONS],
  ['check_remote_by_http.1', http.OPTIONS],
  ['knoerre.1', KNOERRE.options],
  ['knoerre-conf.8', CONF.options],
  ['knoerrehd.8', HTTPD_OPTIONS],
] as const)
  test(`the options of ${page} are those of its --help`, () => {
    assert.deepEqual(
      entries(`man/${page}`, 'OPTIONS'),
      table.map((option) => [optionHead(option), option.summary]),
    )
  })

test('a unit says what the summary says', () => {
  const units: [RegExp, string][] = [
    [/^(the highest diskusage|percent) /, '%'],
    [/^seconds /, 's'],
    [/\bmilliseconds\b/, 'ms'],
    [/^degrees Celsius /, '°C'],
    [/^bytes a second |^nettraf of /, 'B/s'],
    [/ a second\b/, '/s'],
  ]
  for (const { key, summary, unit } of checks) {
    const [, expected] = units.find(([words]) => words.test(summary)) ?? []
    assert.equal(unit, expected, `${key}: ${summary}`)
  }
})

test('the options of knoerre-nrpe(8) and of docs/nrpe.md are those of --help', () => {
  const heads = NRPE_OPTIONS.map((option) => [optionHead(option), option.summary])
  assert.deepEqual(entries('man/knoerre-nrpe.8', 'OPTIONS'), heads)
  const own = heads.filter(([head]) => !options.some(([other]) => other === head))
  assert.deepEqual(
    table(read('docs/nrpe.md'), 'option'),
    own.map(([head = '', text]) => [code(head), text]),
  )
})

test('docs/nrpe.md names every directive and every built-in command', () => {
  const page = read('docs/nrpe.md')
  for (const name of directives.keys()) assert.match(page, new RegExp(`\\b${name}\\b`), name)
  for (const { name } of named) {
    assert.match(page, new RegExp(`\\b${name}\\b`), name)
    assert.match(read('man/knoerre-nrpe.8'), new RegExp(`\\b${name}\\b`), name)
  }
})

/** The files of src that a file imports, with those that these import. */
function imported(file: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  const text = read(file)
  for (const [, path = ''] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g))
    imported(join(dirname(file), path.replace(/\.js$/, '.ts')), found)
  return found
}

test('what starts processes is in one file, and knoerred never loads it', () => {
  const daemon = imported('src/bin/knoerred.cts')
  assert.ok(daemon.has('src/bin/nrpe-door.ts'), [...daemon].join(' '))
  const starting = [...daemon].filter((file) => read(file).includes('node:child_process'))
  assert.deepEqual(starting, [])
  const nrpe = [...imported('src/bin/knoerre-nrpe.cts')]
  assert.deepEqual(
    nrpe.filter((file) => read(file).includes('node:child_process')),
    ['src/commands/runner.ts'],
  )
})

test('docs/portable.md speaks of keys that there are, in the order of the table', () => {
  const known = checks.map(({ key }) => code(key))
  const rows = table(read('docs/portable.md'), 'key').map(([key]) => key)
  assert.deepEqual(
    rows,
    known.filter((key) => rows.includes(key)),
  )
})

test('every check of src/checks is in the table', async () => {
  const found: string[] = []
  for (const file of readdirSync(new URL('../src/checks', import.meta.url))) {
    const exported: Record<string, unknown> = await import(`../src/checks/${file}`)
    for (const value of Object.values(exported)) {
      const check = value as Partial<Check>
      if (typeof check.run === 'function' && check.key) found.push(check.key)
    }
  }
  const listed = new Set(checks.map(({ key }) => key))
  assert.deepEqual(
    found.filter((key) => !listed.has(key)),
    [],
  )
  assert.ok(found.length >= checks.length - 1)
})

test('examples/nagios has a service for every key', () => {
  const services = read('examples/nagios/services.cfg') + read('examples/nagios/commands.cfg')
  for (const { key } of checks.filter(({ key }) => key !== 'timediff'))
    assert.match(services, new RegExp(`(remote_by_udp!|-k |service=|\\s)${key}[!/\\s]`), key)
})

test('the version is one', () => {
  assert.match(read('CHANGELOG.md'), new RegExp(`^## ${version.replaceAll('.', '\\.')} `, 'm'))
  for (const page of man) assert.match(read(page), new RegExp(`"knoerred ${version}"`), page)
  assert.match(read('README.md'), new RegExp(`knoerred-${version}\\.tgz`))
})

test('every program has its manual page, its README row and its place in the changes', () => {
  assert.equal(name, 'knoerred')
  for (const program of Object.keys(bin)) {
    assert.ok(
      man.some((page: string) => page.startsWith(`man/${program}.`)),
      program,
    )
    assert.match(read('README.md'), new RegExp(`^\\| \`${program}\` \\|`, 'm'))
  }
})

test('no source file is longer than three screens', () => {
  const long = readdirSync(new URL('../src', import.meta.url), {
    recursive: true,
    encoding: 'utf8',
  })
    .filter((file) => /\.c?ts$/.test(file))
    .filter((file) => read(`src/${file}`).split('\n').length > 200)
  assert.deepEqual(long, [])
})
