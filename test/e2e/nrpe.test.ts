// The real check_nrpe asks knoerre-nrpe: what an administrator sees who puts it in nrpe's place.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { asSelf, startCommand, until } from '../helpers/daemon.ts'
import {
  certificate,
  checkNrpe,
  configuration,
  NRPE_BIN,
  needsCheckNrpe,
  run,
  startNrpe,
  startReal,
} from '../helpers/nrpe.ts'
import { directory, fixture, needs, output } from '../helpers/tools.ts'

const REAL = needsCheckNrpe()
const OK = "command[ok]=printf 'OK - all fine | load=0.1;1;2;0;'\n"

/** Lines of text of so many bytes in all, the last one with its line feed. */
function text(bytes: number, lines: number): string {
  const length = Math.floor(bytes / lines)
  const rows = Array.from(
    { length: lines },
    (_, i) => `${`line ${i} `.padEnd(length - 1, 'abcdefgh ')}\n`,
  )
  const all = rows.join('')
  return `${all.slice(0, -1)}${'.'.repeat(bytes - all.length)}\n`
}

const sha = (data: string): string => createHash('sha1').update(data).digest('hex')

test('versions 2, 3 and 4, TLS and plain: one connection each', REAL, async (t) => {
  for (const options of [[], ['-n']]) {
    const daemon = await startNrpe(t, `debug=1\n${OK}`, options)
    for (const version of [[], ['-2'], ['-3']]) {
      const hello = await checkNrpe(daemon.port, ...options, ...version)
      assert.deepEqual([hello.code, hello.out.startsWith('NRPE v')], [0, true], hello.out)
      const said = await checkNrpe(daemon.port, ...options, ...version, '-c', 'ok')
      assert.deepEqual([said.code, said.out], [0, 'OK - all fine | load=0.1;1;2;0;\n'])
    }
    assert.equal(daemon.log().match(/asked ok/g)?.length, 3, 'no query came twice')
  }
})

test('the recorded conversations, byte by byte', REAL, async (t) => {
  const daemon = await startNrpe(
    t,
    `${OK}command[multi]=printf 'WARN - head | a=1\\nlong line two\\nlong three | b=2\\n'\n`,
    ['-n'],
  )
  const hex = (name: string): Buffer =>
    Buffer.from(readFileSync(fixture(`nrpe/${name}.hex`), 'utf8').replaceAll('\n', ''), 'hex')
  // What nrpe 4.1.0 and 3.2.1 answered, each in the version of the query.
  for (const name of [
    'v4-ok-conn1',
    'v4-multi-conn1',
    'v4-unknown-conn1',
    'v3-ok-conn1',
    'v3-ok-321client-conn1',
    'v2-ok-conn1',
  ]) {
    const socket = connect(daemon.port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk)).write(hex(`${name}-query`))
    await new Promise((resolve) => socket.once('close', resolve))
    const [got, expected] = [Buffer.concat(chunks), hex(`${name}-response`)]
    if (name.startsWith('v2')) {
      // Behind the text stands junk, and the checksum covers it.
      assert.equal(got.length, expected.length)
      assert.deepEqual(got.subarray(8, 1034), expected.subarray(8, 1034))
    } else assert.deepEqual(got, expected, name)
  }
})

test('exit codes, standard error, silence, missing programs, signals', REAL, async (t) => {
  const daemon = await startNrpe(
    t,
    [0, 1, 2, 3, 4, 77, 255]
      .map((code) => `command[c${code}]=sh -c 'echo said; exit ${code}'\n`)
      .join('') +
      `command[errors]=sh -c 'echo oops >&2; exit 1'
command[both]=sh -c 'echo out; echo oops >&2; exit 1'
command[silent]=true
command[missing]=/nonexistent/check_it -w 1
command[killed]=sh -c 'echo partly; kill -9 $$$$'
command[killed_silent]=sh -c 'kill -9 $$$$'
command[blank]=printf 'a\\n\\n'\n`,
  )
  const ask = (name: string): Promise<unknown> =>
    checkNrpe(daemon.port, '-c', name).then(({ code, out }) => [code, out.slice(0, -1)])
  for (const [name, code] of [
    ['c0', 0],
    ['c1', 1],
    ['c2', 2],
    ['c3', 3],
    ['c4', 3],
    ['c77', 3],
    ['c255', 3],
  ] as const)
    assert.deepEqual(await ask(name), [code, 'said'])
  assert.deepEqual(await ask('errors'), [3, 'NRPE: Unable to read output (oops)'])
  assert.deepEqual(await ask('both'), [1, 'out'])
  assert.deepEqual(await ask('silent'), [
    3,
    'NRPE: Unable to read output (nothing printed, exit code 0)',
  ])
  assert.deepEqual(await ask('missing'), [
    3,
    'NRPE: Unable to read output (no such program: /nonexistent/check_it)',
  ])
  assert.deepEqual(await ask('killed'), [2, 'partly'])
  assert.deepEqual(await ask('killed_silent'), [3, 'NRPE: Unable to read output (SIGKILL)'])
  assert.deepEqual(await ask('blank'), [0, 'a\n'])
  assert.deepEqual(await ask('nosuch'), [3, "NRPE: Command 'nosuch' not defined"])
  assert.match(daemon.log(), /errors wrote to standard error: oops/)
  assert.match(daemon.log(), /both wrote to standard error: oops/)
})

test('outputs of 10, 60 and 70 thousand bytes, UTF-8, many lines', REAL, async (t) => {
  const top = directory(t)
  const files = { ten: text(10_036, 35), sixty: text(60_201, 204), seventy: text(70_227, 234) }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(top, name), content)
  writeFileSync(join(top, 'utf8'), `OK - ${'äöü€𝄞'.repeat(300)} | größe=1;2;3\n`)
  const daemon = await startNrpe(
    t,
    ['ten', 'sixty', 'seventy', 'utf8']
      .map((name) => `command[${name}]=cat ${top}/${name}\n`)
      .join(''),
  )
  for (const name of ['ten', 'sixty'] as const) {
    const { code, out } = await checkNrpe(daemon.port, '-c', name)
    assert.deepEqual([code, sha(out)], [0, sha(files[name])], name)
  }
  const cut = await checkNrpe(daemon.port, '-c', 'seventy')
  assert.match(cut.out, /\[\d+ bytes cut\]\n$/)
  const [mark = '', gone] = /\[(\d+) bytes cut\]\n$/.exec(cut.out) ?? []
  assert.ok(cut.out.length <= 65_536 && cut.out.length > 65_000)
  assert.equal(cut.out.length - mark.length + Number(gone), files.seventy.length - 1)
  const short = await checkNrpe(daemon.port, '-2', '-c', 'utf8')
  assert.match(short.out, /^OK - (äöü€𝄞)+[äöü€]*\[\d+ bytes cut\]\| größe=1;2;3\n$/u)
  assert.ok(Buffer.byteLength(short.out) <= 1_024)
  assert.equal(
    (await checkNrpe(daemon.port, '-c', 'utf8')).out,
    readFileSync(join(top, 'utf8'), 'utf8'),
  )
})

test('refusals: arguments, metacharacters, empty queries, wrong source', REAL, async (t) => {
  const daemon = await startNrpe(t, 'command[echo]=echo $ARG1$\nallowed_hosts=127.0.0.1\n')
  const underflow = /^CHECK_NRPE: Receive header underflow - only (0|-1) bytes received/
  for (const args of [
    ['-c', 'echo', '-a', 'x'],
    ['-c', '< >'],
    ['-2', '-c', ''],
  ]) {
    const { code, out } = await checkNrpe(daemon.port, ...args)
    assert.equal(code, 3)
    assert.match(out, underflow)
  }
  assert.match(
    daemon.log(),
    /refused a query of 127.0.0.1: arguments, which dont_blame_nrpe=0 forbids/,
  )
  assert.equal(daemon.log().match(/dont_blame_nrpe=0 forbids/g)?.length, 1, 'said once')
  const stranger = await checkNrpe(daemon.port, '-b', '127.0.0.2', '-c', 'echo')
  assert.ok(stranger.code === 2 || stranger.code === 3 || stranger.code === null)
  assert.match(daemon.log(), /refused 127.0.0.2: not on the list of clients/)
  assert.equal((await checkNrpe(daemon.port, '-n')).code, 3)
  assert.match(daemon.log(), /no TLS with 127.0.0.1: wrong version number/)
})

test('arguments, quotes and the prefix; nothing of them reaches a shell', REAL, async (t) => {
  const daemon = await startNrpe(
    t,
    `dont_blame_nrpe=1
nasty_metachars=\\n
command[words]=printf "<%s>" $ARG1$ "$ARG2$" '$ARG3$'
command[shell]=shell: echo a b | tr a-z A-Z
command[pipe]=echo a | cat
command_prefix=env\n`,
  )
  const ask = async (...args: string[]): Promise<string> =>
    (await checkNrpe(daemon.port, ...args)).out
  assert.equal(
    await ask('-c', 'words', '-a', 'a "b c"', '$HOME; id `id`', '|x|'),
    '<a><b c><$HOME; id `id`><|x|>\n',
  )
  assert.equal(await ask('-c', 'shell', '-a', 'ignored'), 'A B\n')
  assert.match(
    await ask('-c', 'pipe'),
    /^NRPE: Command 'pipe' is not run: ! is for a shell; begin the line with shell:/,
  )
  assert.match(daemon.log(), /nrpe\.cfg:\d+: command\[pipe\]: \| is for a shell/)
})

test('a command that takes too long is killed with all that it started', REAL, async (t) => {
  const daemon = await startNrpe(
    t,
    `command_timeout=1
command[slow]=sh -c 'sleep 61.25 & sleep 61.5'
command[left]=sh -c 'echo done; sleep 61.75 &'
command[endless]=yes\n`,
  )
  const running = (what: string): boolean => output('ps', '-eo', 'args').includes(what)
  const slow = await checkNrpe(daemon.port, '-c', 'slow')
  assert.deepEqual([slow.code, slow.out], [3, 'NRPE: Command timed out after 1 seconds\n'])
  await until('both are killed', () => !running('sleep 61.25') && !running('sleep 61.5'))
  const endless = await checkNrpe(daemon.port, '-c', 'endless')
  assert.deepEqual([endless.code, endless.out], [3, 'NRPE: Command timed out after 1 seconds\n'])
  // What a command leaves behind on purpose is its own affair.
  const left = await checkNrpe(daemon.port, '-c', 'left')
  assert.deepEqual([left.code, left.out], [0, 'done\n'])
  const pid = /^ *(\d+) sleep 61\.75$/m.exec(output('ps', '-eo', 'pid,args'))?.[1]
  assert.ok(pid)
  process.kill(Number(pid))
})

test('max_commands holds: the others wait', REAL, async (t) => {
  const daemon = await startNrpe(t, "max_commands=2\ncommand[nap]=sh -c 'sleep 0.3; echo up'\n")
  const start = performance.now()
  const said = await Promise.all(
    Array.from({ length: 6 }, () => checkNrpe(daemon.port, '-c', 'nap')),
  )
  assert.deepEqual(
    said.map(({ out }) => out),
    Array(6).fill('up\n'),
  )
  assert.ok(performance.now() - start >= 890, 'three turns of 0.3 seconds')
})

test('the environment is the one that plugins of nrpe find', REAL, async (t) => {
  const daemon = await startNrpe(
    t,
    'keep_env_vars=KEPT_FOR_TEST\ncommand[env]=env\ncommand[pwd]=pwd\n',
  )
  const names = (await checkNrpe(daemon.port, '-c', 'env')).out.match(/^[A-Z_]+(?==)/gm)
  assert.deepEqual(names?.sort(), [
    'HOME',
    'IFS',
    'LOGNAME',
    'NRPE_MULTILINESUPPORT',
    'NRPE_PROGRAMVERSION',
    'PATH',
    'SHELL',
    'USER',
  ])
  assert.equal((await checkNrpe(daemon.port, '-c', 'pwd')).out, '/\n')
})

test(
  'built in: keys with thresholds, plugins of these names where nothing is configured',
  REAL,
  async (t) => {
    const daemon = await startNrpe(
      t,
      'dont_blame_nrpe=1\ncommand[load]=builtin load1 -w 0:9999 -c 9999 diskusage/ -w @0:100\ncommand[key]=builtin $ARG1$\n',
    )
    const load = await checkNrpe(daemon.port, '-c', 'load')
    assert.equal(load.code, 1)
    assert.match(
      load.out,
      /^WARNING - load1 [\d.]+, diskusage\/ \d+ .* \| load1=[\d.]+;0:9999;9999 diskusage\/=\d+;@0:100\n$/,
    )
    assert.match(
      (await checkNrpe(daemon.port, '-c', 'key', '-a', 'uptime')).out,
      /^OK - uptime \d+ \| uptime=\d+\n$/,
    )
    const disk = await checkNrpe(
      daemon.port,
      '-c',
      'check_disk',
      '-a',
      '-w',
      '1%',
      '-c',
      '1%',
      '-p',
      '/',
    )
    assert.match(
      disk.out,
      /^DISK OK - free space: \/ \d+MiB \(\d+% inode=[-\d]+%?\);\|\/=\d+B;\d+;\d+;0;\d+\n$/,
    )
    const whole = await checkNrpe(daemon.port, '-c', 'check_load', '-a', '-w 9999 -c "9999"')
    assert.match(whole.out, /^LOAD OK - /)
    assert.equal((await checkNrpe(daemon.port, '-c', 'check_nonsense')).code, 3)
  },
)

test('without arguments allowed, those names are not defined', REAL, async (t) => {
  const daemon = await startNrpe(t, '')
  const { out } = await checkNrpe(daemon.port, '-c', 'check_load')
  assert.equal(out, "NRPE: Command 'check_load' not defined\n")
})

test(
  'certificates: TLS 1.2 and 1.3, good and foreign ones, client certificates',
  REAL,
  async (t) => {
    const { top } = configuration(t, '')
    const own = certificate(top, 'server')
    const other = certificate(top, 'other')
    const tls = `ssl_cert_file=${own.cert}\nssl_privatekey_file=${own.key}\n`
    const daemon = await startNrpe(t, `${tls}ssl_logging=14\n`)
    assert.match(daemon.log(), /ready: .*TLS with a certificate$/m)
    const asked = async (port: number, ...args: string[]): Promise<number> =>
      (await checkNrpe(port, ...args)).code
    assert.equal(await asked(daemon.port), 0)
    assert.match(daemon.log(), /TLS: 127\.0\.0\.1, TLSv1\.3, TLS_AES_256_GCM_SHA384/)
    assert.equal(await asked(daemon.port, '-S', 'TLSv1.2'), 0)
    assert.equal(await asked(daemon.port, '-2', '-S', 'TLSv1.3'), 0)
    assert.match(daemon.log(), /TLSv1\.2, ECDHE/)
    assert.notEqual(await asked(daemon.port, '-S', 'TLSv1.1'), 0)
    assert.equal(await asked(daemon.port, '-A', own.cert), 0)
    assert.equal(await asked(daemon.port, '-A', own.cert, '-L', 'ALL:!aNULL'), 0)
    assert.equal(await asked(daemon.port, '-A', other.cert), 2)
    assert.equal(
      await asked(daemon.port, '-S', 'TLSv1.2', '-L', 'ADH:@SECLEVEL=0'),
      2,
      'no anonymous suites',
    )

    const required = await startNrpe(
      t,
      `${tls}ssl_cacert_file=${own.cert}\nssl_client_certs=2\nssl_logging=32\n`,
    )
    assert.equal(await asked(required.port, '-A', own.cert, '-C', own.cert, '-K', own.key), 0)
    assert.doesNotMatch(required.log(), /no TLS with/)
    assert.match(required.log(), /client certificate: subject server, issuer server/)
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      assert.notEqual(await asked(required.port, '-S', version), 0, 'none')
      assert.notEqual(
        await asked(required.port, '-S', version, '-C', other.cert, '-K', other.key),
        0,
        'foreign',
      )
    }
    const refused = /no TLS with 127\.0\.0\.1: no good client certificate/
    await until('the foreign one is named', () => refused.test(required.log()))
    assert.notEqual(await asked(required.port, '-S', 'TLSv1.2', '-L', 'ADH:AECDH:@SECLEVEL=0'), 0)

    const wanted = await startNrpe(t, `${tls}ssl_cacert_file=${own.cert}\nssl_client_certs=1\n`)
    assert.equal(await asked(wanted.port), 0)
    assert.equal(await asked(wanted.port, '-C', own.cert, '-K', own.key), 0)
    assert.notEqual(await asked(wanted.port, '-C', other.cert, '-K', other.key), 0)
  },
)

test('without a certificate: anonymous, named as what it is', REAL, async (t) => {
  const daemon = await startNrpe(t, 'ssl_logging=12\n')
  assert.match(
    daemon.log(),
    /ready: .*; TLS with anonymous Diffie-Hellman: encrypted, not authenticated/,
  )
  assert.equal((await checkNrpe(daemon.port)).code, 0)
  for (const list of ['ADH-AES256-GCM-SHA384:@SECLEVEL=0', 'ADH-AES256-SHA:@SECLEVEL=0']) {
    assert.equal((await checkNrpe(daemon.port, '-L', list)).code, 0)
    assert.match(daemon.log(), new RegExp(list.split(':', 1)[0] as string))
  }
  assert.equal((await checkNrpe(daemon.port, '-d', '0')).code, 0)
  assert.equal((await checkNrpe(daemon.port, '-S', 'TLSv1.3')).code, 2)
})

test('IPv6, and names in allowed_hosts', REAL, async (t) => {
  const { path } = configuration(t, 'allowed_hosts=localhost\n')
  for (const [options, host, code] of [
    [[], '::1', 0],
    [[], '127.0.0.1', 0],
    [['-6'], '::1', 0],
    [['-6'], '127.0.0.1', 2],
    [['-4'], '127.0.0.1', 0],
    [['-4'], '::1', 2],
  ] as const) {
    const args = [NRPE_BIN, '-c', path, '--port', '0', ...options]
    const own = await startCommand(process.execPath, args, asSelf())
    const port = Number(/ready: \S+:(\d+);/.exec(own.log())?.[1])
    const said = await run(
      '/usr/lib/nagios/plugins/check_nrpe',
      '-D',
      '-H',
      host,
      '-p',
      String(port),
    )
    await own.stop()
    assert.equal(said.code, code, `${options} ${host} ${said.out}${said.errors}`)
  }
})

test('server_address=0.0.0.0 is IPv4 alone', async (t) => {
  const daemon = await startNrpe(t, 'server_address=0.0.0.0\n')
  assert.match(daemon.log(), /ready: 0\.0\.0\.0:\d+;/)
})

test('HUP replaces lists and commands; a wrong configuration changes nothing', REAL, async (t) => {
  const daemon = await startNrpe(t, 'command[a]=echo one\n')
  const reload = async (config: string, said: RegExp): Promise<void> => {
    const before = daemon.log().length
    writeFileSync(daemon.path, `server_address=127.0.0.1\n${config}`)
    daemon.process.kill('SIGHUP')
    await until('it was read', () => said.test(daemon.log().slice(before)))
  }
  assert.equal((await checkNrpe(daemon.port, '-c', 'a')).out, 'one\n')
  await reload(
    'allowed_hosts=127.0.0.2\ncommand[b]=echo two\n',
    /configuration read again: 1 commands/,
  )
  assert.notEqual((await checkNrpe(daemon.port, '-c', 'b')).code, 0)
  assert.equal((await checkNrpe(daemon.port, '-b', '127.0.0.2', '-c', 'b')).out, 'two\n')
  assert.equal((await checkNrpe(daemon.port, '-b', '127.0.0.2', '-c', 'a')).code, 3)
  await reload('server_port=7\n', /nrpe\.cfg:2: server_port=7: [\s\S]*HUP changes nothing/)
  assert.equal((await checkNrpe(daemon.port, '-b', '127.0.0.2', '-c', 'b')).out, 'two\n')
})

test(
  'TERM waits for the running commands, and for them no longer than five seconds',
  REAL,
  async (t) => {
    const daemon = await startNrpe(
      t,
      "command[nap]=sh -c 'sleep 0.7; echo up'\ncommand[long]=sleep 62.5\ndebug=1\n",
    )
    const nap = checkNrpe(daemon.port, '-c', 'nap')
    await until('it runs', () => output('ps', '-eo', 'args').includes('sleep 0.7'))
    const start = performance.now()
    const stopped = daemon.stop()
    assert.equal((await nap).out, 'up\n')
    assert.equal(await stopped, 0)
    assert.ok(performance.now() - start < 3_000)

    const other = await startNrpe(t, 'command[long]=sleep 62.5\n')
    void checkNrpe(other.port, '-c', 'long')
    await until('it runs', () => output('ps', '-eo', 'args').includes('sleep 62.5'))
    const begun = performance.now()
    assert.equal(await other.stop(), 0)
    const took = performance.now() - begun
    assert.ok(took > 4_500 && took < 8_000, `${took} ms`)
    await until('it is gone', () => !output('ps', '-eo', 'args').includes('sleep 62.5'))
  },
)

test('--check names what is wrong and ends with 100', async (t) => {
  const { path } = configuration(t, 'command[a]=/x\nallowed_hosts=127.0.0.1/8,::1\nfoo=1\n')
  const wrong = await run(process.execPath, NRPE_BIN, '-c', path, '--check')
  assert.equal(wrong.code, 100)
  assert.equal(
    wrong.out,
    `${path}:3: note: unknown directive foo\n${path}:2: "127.0.0.1/8" is no network: bits behind the prefix are set\n${path}: 1 wrong\n`,
  )
  writeFileSync(path, 'command[a]=/x\nallowed_hosts=127.0.0.0/8\n')
  const good = await run(process.execPath, NRPE_BIN, '-c', path, '--check')
  assert.deepEqual([good.code, good.out], [0, `${path}: good, 1 commands\n`])
})

test('what cannot start ends with 100 or 111 and a sentence', async (t) => {
  const { path, top } = configuration(t, '')
  const own = certificate(top, 'server')
  const other = certificate(top, 'other')
  writeFileSync(join(top, 'empty'), '')
  for (const [text, code, said] of [
    ['server_port=x\n', 100, /nrpe\.cfg:1: server_port=x: not a number/],
    [`ssl_cert_file=${own.cert}\nssl_privatekey_file=${other.key}\n`, 100, /TLS cannot be set up/],
    [`ssl_cert_file=${top}/empty\nssl_privatekey_file=${own.key}\n`, 100, /TLS cannot be set up/],
    [
      `ssl_cert_file=${own.cert}\nssl_privatekey_file=${top}/none\n`,
      100,
      /ssl_privatekey_file=.*ENOENT/,
    ],
    [
      `ssl_cert_file=${own.cert}\nssl_privatekey_file=${own.key}\nssl_cipher_list=nonsense\nssl_use_adh=0\n`,
      100,
      /TLS cannot be set up/,
    ],
    ['ssl_use_adh=0\n', 100, /ssl_use_adh=0 needs/],
    ['nrpe_user=nosuchuser\n', 111, /unable to find nrpe_user nosuchuser/],
  ] as const) {
    writeFileSync(path, text)
    const ended = await run(process.execPath, NRPE_BIN, '-c', path, '--port', '0')
    if (code === 111 && process.getuid?.() !== 0) continue
    assert.equal(ended.code, code, text)
    assert.match(ended.errors, said)
  }
  const none = await run(process.execPath, NRPE_BIN, '-c', join(top, 'none.cfg'))
  assert.deepEqual([none.code, /unable to read .*none\.cfg: ENOENT/.test(none.errors)], [111, true])
  assert.equal((await run(process.execPath, NRPE_BIN)).code, 100)
})

test('started as root it becomes nrpe_user with all groups of it', {
  ...needs('root'),
  ...(REAL.skip ? REAL : {}),
}, async (t) => {
  const daemon = await startNrpe(t, 'nrpe_user=nobody\nnrpe_group=daemon\ncommand[id]=id -un\n')
  const status = readFileSync(`/proc/${daemon.pid}/status`, 'utf8')
  assert.match(status, new RegExp(`^Uid:\\s${output('id', '-u', 'nobody').trim()}\\s`, 'm'))
  assert.match(status, /^Gid:\s1\s/m)
  assert.match(status, /^CapEff:\s0+$/m)
  assert.equal((await checkNrpe(daemon.port, '-c', 'id')).out, 'nobody\n')
})

test('a configuration of nrpe answers as under nrpe itself', {
  ...needs('root', 'nrpe'),
  ...(REAL.skip ? REAL : {}),
}, async (t) => {
  const config = `command_timeout=1
command_prefix=env
command[check_load]=/usr/lib/nagios/plugins/check_load -w 9999,9999,9999 -c 9999,9999,9999
command[check_procs]=/usr/lib/nagios/plugins/check_procs -w 1:9999 -c 1:9999 -C "no such" -s 'Z'
command[words]=printf '<%s>' "a b" 'c|d' e\\ f "it's" 100%
command[lines]=printf 'one | a=1\\n\\ntwo | b=2\\n\\n'
command[blank]=printf '\\n a\\n'
command[code]=sh -c 'echo x; exit 9'
command[slow]=sleep 5
command[uid]=id -u
command[home]=sh -c 'echo $USER $LOGNAME $HOME $SHELL "$IFS" $NRPE_MULTILINESUPPORT; pwd'
`
  for (const options of [[], ['-n']]) {
    const real = await startReal(t, config, options)
    const ours = await startNrpe(t, `nrpe_user=nagios\nnrpe_group=nagios\n${config}`, options)
    const digits = (out: string): string => out.replace(/\d+(\.\d+)?/g, 'N')
    for (const args of [
      ...['words', 'lines', 'blank', 'code', 'slow', 'uid', 'home', 'nosuch', 'check_procs'].map(
        (name) => ['-c', name],
      ),
      ['-2', '-c', 'lines'],
      ['-c', 'words', '-a', 'x'],
      ['-c', 'a;b'],
    ]) {
      const [one, other] = [
        await checkNrpe(real, ...options, ...args),
        await checkNrpe(ours.port, ...options, ...args),
      ]
      // A refusal may end in a reset: the client prints -1 then.
      const said = (out: string): string => out.replace('only -1 bytes', 'only 0 bytes')
      assert.deepEqual([other.code, said(other.out)], [one.code, said(one.out)], args.join(' '))
    }
    const [one, other] = [
      await checkNrpe(real, ...options, '-c', 'check_load'),
      await checkNrpe(ours.port, ...options, '-c', 'check_load'),
    ]
    assert.equal(digits(other.out), digits(one.out))
  }
})
