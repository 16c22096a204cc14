import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setUp } from '../../src/bin/nrpe-setup.ts'
import { directory } from '../helpers/tools.ts'

test('a built-in command that cannot work is named with its line, before anybody asks', async (t) => {
  const path = join(directory(t), 'nrpe.cfg')
  const wrong = [
    'builtin lod1 -w 7',
    'builtin load1 -w 7x',
    'builtin load1 -q 7',
    'builtin load1/x -w 7',
    'builtin check_load -w 5',
    'builtin check_load -w 5 -c 9 -y',
    'builtin check_disk -w 10z',
    'builtin check_disk -r (',
    'builtin -w 7',
    'builtin',
    'shell:',
  ]
  const good = [
    'builtin load1 -w 7 -c 30',
    'builtin -w 80 -c 90 diskusage/ diskusage/home diskinodes/ -c 95',
    'builtin multi/none',
    'builtin check_load -w 5,4,3 -c 9',
    'builtin check_load -w $ARG1$',
    'builtin check_disk -w 10% -c 5% -p / -r ^/home',
    'builtin check_swap -w 10%',
    'builtin check_procs -w 150 -c 200 -s Z -u root',
    'builtin check_users -w 5 -c 9',
    'builtin check_uptime -w 10m:7d -c 9w',
    'builtin check_mem -w 80% -c 90%',
    'builtin check_mem -h',
  ]
  const named = async (lines: readonly string[]): Promise<string[]> => {
    const text = lines.map((line, i) => `command[c${i}]=${line}\n`).join('')
    writeFileSync(path, `allowed_hosts=::1\nssl_enabled=0\n${text}`)
    const options = { config: path, plain: true } as Parameters<typeof setUp>[0]
    const { findings } = await setUp(options, { log: () => undefined, hourly: () => undefined })
    assert.ok(findings.every(({ weight }) => weight === 'wrong'))
    return findings.map(({ where, text }) => `${where.slice(path.length)} ${text}`)
  }
  const said = await named(wrong)
  for (const [i] of wrong.entries())
    assert.ok(
      said.some((line) => line.startsWith(`:${i + 3} command[c${i}]: `)),
      wrong[i],
    )
  assert.ok(said.includes(':3 command[c0]: lod1: no such key'), said.join('\n'))
  assert.deepEqual(await named(good), [])
})

test('users and settings of TLS that cannot be are named with their lines', async (t) => {
  const path = join(directory(t), 'nrpe.cfg')
  const said = async (text: string): Promise<string[]> => {
    writeFileSync(path, `allowed_hosts=::1\n${text}`)
    const options = { config: path, plain: false } as Parameters<typeof setUp>[0]
    const { findings } = await setUp(options, { log: () => undefined, hourly: () => undefined })
    return findings.map(({ where, text }) => `${where.slice(path.length)} ${text}`)
  }
  assert.deepEqual(await said('nrpe_user=no-such-user\n'), [
    ':2 unable to find nrpe_user no-such-user',
  ])
  assert.deepEqual(await said('nrpe_user=0\nnrpe_group=no-such-group\n'), [
    ':3 unable to find nrpe_group no-such-group',
  ])
  assert.deepEqual(await said('debug=0\nssl_version=TLSv1.3\n'), [
    ':3 ssl_version=TLSv1.3 needs ssl_cert_file',
  ])
  assert.deepEqual(await said('ssl_use_adh=0\n'), [
    ':2 ssl_use_adh=0 needs ssl_cert_file and ssl_privatekey_file',
  ])
  assert.deepEqual(await said('debug=0\nssl_cipher_list=nonsense\n'), [
    ':3 TLS cannot be set up: no cipher match',
  ])
})
