// knoerre-nrpe under daemontools, its systemd unit, and Debian's own configuration.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { asSelf, until } from '../helpers/daemon.ts'
import { checkNrpe, NRPE_BIN, needsCheckNrpe, run } from '../helpers/nrpe.ts'
import { directory, needs, output } from '../helpers/tools.ts'

const REAL = needsCheckNrpe()

test('supervise starts it, svc -h reads the configuration again, svc -d ends it', {
  ...needs('supervise', 'svc', 'svstat'),
  ...(REAL.skip ? REAL : {}),
}, async (t) => {
  // Not a directory of the helpers: it has to be there when supervise is told to end.
  const top = mkdtempSync(join(tmpdir(), 'knoerred-'))
  const path = join(top, 'nrpe.cfg')
  writeFileSync(path, 'server_address=127.0.0.1\ncommand[a]=echo one\n')
  const service = join(top, 'service')
  mkdirSync(service)
  const script = `#!/bin/sh\nexec ${process.execPath} ${NRPE_BIN} -c ${path} --port 0 2>&1\n`
  writeFileSync(join(service, 'run'), script, { mode: 0o755 })
  const supervise = spawn('supervise', [service], {
    env: asSelf(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let log = ''
  supervise.stdout.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  t.after(async () => {
    const ended = once(supervise, 'exit')
    execFileSync('svc', ['-dx', service])
    await ended
    rmSync(top, { recursive: true })
  })
  await until('it is ready', () => log.includes('ready: '))
  const port = Number(/ready: \S+:(\d+)/.exec(log)?.[1])
  assert.equal((await checkNrpe(port, '-c', 'a')).out, 'one\n')
  writeFileSync(path, 'server_address=127.0.0.1\ncommand[a]=echo two\n')
  execFileSync('svc', ['-h', service])
  await until('it was read', () => log.includes('configuration read again'))
  assert.equal((await checkNrpe(port, '-c', 'a')).out, 'two\n')
  const pid = /up \(pid (\d+)\)/.exec(output('svstat', service))?.[1]
  execFileSync('svc', ['-d', service])
  await until('it is down', () => !existsSync(`/proc/${pid}`))
})

test('the systemd unit is one that systemd takes', needs('systemd-analyze'), (t) => {
  const unit = readFileSync(
    new URL('../../examples/systemd/knoerre-nrpe.service', import.meta.url),
    'utf8',
  )
  const path = join(directory(t), 'knoerre-nrpe.service')
  const here = unit.replace('/usr/local/bin/knoerre-nrpe', NRPE_BIN)
  writeFileSync(path, here.replace(/^Documentation=.*\n/m, ''))
  execFileSync('systemd-analyze', ['verify', path], { stdio: 'pipe' })
  assert.doesNotMatch(
    unit.replace(/^#.*$/gm, ''),
    /PrivateTmp|ProtectHome|ProtectSystem|NoNewPrivileges/,
  )
})

const DEBIAN = '/etc/nagios/nrpe.cfg'

test('the configuration that Debian ships is good as it is', {
  skip: existsSync(DEBIAN) || process.env['CI'] === 'true' ? false : 'needs nagios-nrpe-server',
}, async () => {
  const { code, out } = await run(process.execPath, NRPE_BIN, '-c', DEBIAN, '--check')
  assert.equal(code, 0, out)
  assert.match(out, /: good, \d+ commands\n$/)
})
