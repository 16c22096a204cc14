import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../src/bin/nrpe-config.ts'
import { type Interpreted, interpret, parseLines } from '../../src/codec/nrpe-config.ts'
import { directives } from '../../src/codec/nrpe-directives.ts'
import { directory } from '../helpers/tools.ts'

const read = (text: string): Interpreted => {
  const { lines, findings } = parseLines(text, 'nrpe.cfg')
  const found = interpret(lines)
  return { ...found, findings: [...findings, ...found.findings] }
}

test('parseLines() takes lines with blanks, comments and any kind of end', () => {
  const { lines } = parseLines('# a\n\n  server_port = 5667 \r\ncommand[a b]= x = y\n', 'f')
  assert.deepEqual(lines, [
    { file: 'f', number: 3, name: 'server_port', value: '5667' },
    { file: 'f', number: 4, name: 'command', key: 'a b', value: 'x = y' },
  ])
})

test('what is wrong is named with its file and line', () => {
  const { findings } = read(
    'server_port=80\nserver_port=x\nallowed_hosts=\nnonsense\ncommand=x\ncommand[a]=b | c\nssl_version=TLSv9\nfoo=bar\npid_file=/run/x\nssl_client_certs=3\n',
  )
  assert.deepEqual(
    findings.map(({ where, weight }) => [where, weight]),
    [
      ['nrpe.cfg:3', 'fatal'],
      ['nrpe.cfg:4', 'fatal'],
      ['nrpe.cfg:5', 'fatal'],
      ['nrpe.cfg:1', 'fatal'],
      ['nrpe.cfg:2', 'fatal'],
      ['nrpe.cfg:7', 'fatal'],
      ['nrpe.cfg:8', 'note'],
      ['nrpe.cfg:9', 'note'],
      ['nrpe.cfg:10', 'fatal'],
      ['nrpe.cfg:6', 'wrong'],
    ],
  )
})

test('every directive of the original is known, and a good value of it is taken', () => {
  const good: Record<string, string> = {
    log_facility: 'daemon',
    log_file: '/x',
    disable_syslog: '0',
    debug: '1',
    pid_file: '/x',
    server_port: '5666',
    server_address: '127.0.0.1',
    address_family: '4',
    listen_queue_size: '5',
    nrpe_user: 'nagios',
    nrpe_group: 'nagios',
    allowed_hosts: '127.0.0.1,::1',
    dont_blame_nrpe: '1',
    allow_bash_command_substitution: '0',
    nasty_metachars: '|`',
    command_prefix: '/usr/bin/sudo',
    command_timeout: '60',
    connection_timeout: '300',
    max_commands: '5',
    keep_env_vars: 'LANG,TZ',
    ssl_enabled: '1',
    ssl_version: 'TLSv1.2+',
    ssl_use_adh: '1',
    ssl_cipher_list: 'ALL',
    ssl_cacert_file: '/x',
    ssl_cert_file: '/x',
    ssl_privatekey_file: '/x',
    ssl_client_certs: '2',
    ssl_logging: '47',
    ssl_shutdown_timeout: '15',
    allow_weak_random_seed: '0',
  }
  assert.deepEqual([...directives.keys()].sort(), Object.keys(good).sort())
  const lines = Object.entries(good).map(([name, value]) => `${name}=${value}\n`)
  const { findings, config } = read(lines.join(''))
  assert.deepEqual(
    findings.map(({ weight }) => weight),
    ['note', 'note', 'note'],
  )
  assert.deepEqual(config.allowedHosts, ['127.0.0.1', '::1'])
  assert.deepEqual(config.keepEnvironment, ['LANG', 'TZ'])
  assert.equal(config.maxCommands, 5)
  assert.deepEqual([config.tls.clientCerts, config.tls.logging], [2, 47])
})

test('the last line counts, lists are replaced, and escapes of nasty_metachars are undone', () => {
  const { config, commands, findings } = read(
    'allowed_hosts=10.0.0.1\nallowed_hosts=10.0.0.2, ,10.0.0.3\ncommand[a]=one\ncommand[a]=two\nnasty_metachars=\\x41\\n\\\\|\n',
  )
  assert.deepEqual(findings, [])
  assert.deepEqual(config.allowedHosts, ['10.0.0.2', '10.0.0.3'])
  assert.deepEqual(commands.get('a'), { kind: 'program', words: [['two']] })
  assert.equal(config.nasty, 'A\n\\|')
})

test('command lines: plugins with their prefix, built-in ones, shells', () => {
  const { commands } = read(
    'command[p]=/x -w 1\ncommand[b]=builtin load1 -w 7\ncommand[s]=shell: a | b $$x\ncommand[sa]=shell: a $ARG1$\ncommand[n]=x $ARG17$\ncommand_prefix=/usr/bin/sudo -n\n',
  )
  assert.deepEqual(commands.get('p'), {
    kind: 'program',
    words: [['/usr/bin/sudo'], ['-n'], ['/x'], ['-w'], ['1']],
  })
  assert.deepEqual(commands.get('b'), { kind: 'builtin', words: [['load1'], ['-w'], ['7']] })
  assert.deepEqual(commands.get('s'), { kind: 'shell', line: '/usr/bin/sudo -n a | b $x' })
  assert.equal(commands.get('sa')?.kind, 'unusable')
  assert.equal(commands.get('n')?.kind, 'unusable')
})

test('loadConfig() follows includes, in place and sorted; what is wrong in them is left out', async (t) => {
  const top = directory(t)
  mkdirSync(join(top, 'd/sub'), { recursive: true })
  const write = (name: string, text: string): void => writeFileSync(join(top, name), text)
  write('nrpe.cfg', 'command[a]=main\ninclude=local.cfg\ninclude_dir=d\ninclude_file=none.cfg\n')
  write('local.cfg', `command[a]=local\ninclude=${top}/nrpe.cfg\n`)
  write('d/b.cfg', 'command[b]=b\nserver_port=1\nnothing\n')
  write('d/a.cfg', 'command[b]=a\n')
  write('d/sub/c.cfg', 'command[c]=c\n')
  write('d/x.txt', 'command[x]=x\n')
  const { commands, config, findings } = await loadConfig(join(top, 'nrpe.cfg'))
  const line = (name: string): unknown => commands.get(name)
  assert.deepEqual(line('b'), { kind: 'program', words: [['b']] })
  assert.deepEqual(line('c'), { kind: 'program', words: [['c']] })
  assert.equal(line('x'), undefined)
  assert.equal(config.port, 5666)
  assert.ok(findings.every(({ weight }) => weight === 'wrong'))
  const said = findings.map(({ where, text }) => `${where.replace(top, '')} ${text}`)
  assert.ok(
    said.some((text) => text.includes('it includes itself')),
    said.join('\n'),
  )
  assert.ok(said.includes('/nrpe.cfg:4 include_file=none.cfg: ENOENT'))
  assert.ok(said.some((text) => text.startsWith('/d/b.cfg:2 server_port=1:')))
  assert.ok(said.some((text) => text.startsWith('/d/b.cfg:3 ')))
})

test('include_dir: links are followed, and one that leads nowhere costs no other file', async (t) => {
  const top = directory(t)
  mkdirSync(join(top, 'd'))
  mkdirSync(join(top, 'elsewhere'))
  const write = (name: string, text: string): void => writeFileSync(join(top, name), text)
  write('nrpe.cfg', 'include_dir=d\n')
  write('d/a.cfg', 'command[a]=a\n')
  symlinkSync('nowhere', join(top, 'd/b.cfg'))
  write('d/c.cfg', 'command[c]=c\n')
  write('elsewhere/s.cfg', 'command[s]=s\n')
  symlinkSync('../elsewhere', join(top, 'd/link'))
  symlinkSync('.', join(top, 'd/circle'))
  const { commands, findings } = await loadConfig(join(top, 'nrpe.cfg'))
  assert.deepEqual([...commands.keys()].sort(), ['a', 'c', 's'])
  assert.equal(findings[0]?.text, `include_dir=d: ${top}/d/b.cfg: ENOENT`)
})

test('loadConfig() rejects with a sentence when there is no file', async () => {
  await assert.rejects(loadConfig('/nonexistent/nrpe.cfg'), {
    message: 'unable to read /nonexistent/nrpe.cfg: ENOENT',
  })
})
