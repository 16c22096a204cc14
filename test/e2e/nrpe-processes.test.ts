// What is started for a check: nothing for a built-in one, one process for a plugin.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { asSelf, BIN, type Daemon, startCommand, until } from '../helpers/daemon.ts'
import { checkNrpe, configuration, NRPE_BIN, needsCheckNrpe } from '../helpers/nrpe.ts'
import { directory, needs } from '../helpers/tools.ts'

const NEEDED = needsCheckNrpe().skip ? needsCheckNrpe() : needs('strace')

/** A daemon under strace, and what its processes started since the last look. */
async function traced(
  t: TestContext,
  args: readonly string[],
): Promise<{ daemon: Daemon; started: () => string[] }> {
  const file = join(directory(t), 'trace')
  const calls = 'trace=fork,vfork,clone,clone3,execve'
  const strace = ['-f', '-qq', '-e', calls, '-o', file, process.execPath, ...args]
  const daemon = await startCommand('strace', strace, asSelf())
  const pid = Number(readFileSync(file, 'utf8').split(' ', 1)[0])
  t.after(async () => {
    process.kill(pid, 'SIGTERM')
    await until('it ended', () => daemon.process.exitCode !== null)
  })
  let seen = 0
  return {
    daemon,
    started: () => {
      const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
      const found = lines.slice(seen).filter((line) => !line.includes('CLONE_THREAD'))
      seen = lines.length
      return found.filter((line) => !/resumed>|= -1|\+\+\+|---/.test(line))
    },
  }
}

test('knoerred --nrpe starts nothing, whatever it is asked', NEEDED, async (t) => {
  const args = [BIN, '--listen', '127.0.0.1', '--nrpe', '0', '0', '127.0.0.1']
  const { daemon, started } = await traced(t, args)
  const port = Number(/ready: \S+ \S+:(\d+)/.exec(daemon.log())?.[1])
  started()
  assert.match((await checkNrpe(port)).out, /^NRPE v/)
  const load = await checkNrpe(port, '-c', 'check_load', '-a', '-w', '9999', '-c', '9999')
  assert.match(load.out, /^LOAD OK/)
  assert.match((await checkNrpe(port, '-c', 'check_procs', '-a', '-w', '1:')).out, /^PROCS OK/)
  assert.match(
    (await checkNrpe(port, '-c', 'builtin', '-a', 'uptime', '-w', '9')).out,
    / \| uptime=/,
  )
  assert.equal(
    (await checkNrpe(port, '-c', '/bin/sh')).out,
    "NRPE: Command '/bin/sh' not defined\n",
  )
  assert.deepEqual(started(), [])
})

test(
  'knoerre-nrpe starts one process for a plugin, and none for what is built in',
  NEEDED,
  async (t) => {
    const { path } = configuration(
      t,
      'server_address=127.0.0.1\nallowed_hosts=127.0.0.1\ncommand[true]=/bin/echo x\ncommand[own]=builtin load1\n',
    )
    const { daemon, started } = await traced(t, [NRPE_BIN, '-c', path, '--port', '0'])
    started()
    assert.match((await checkNrpe(daemon.port, '-c', 'own')).out, /^OK - load1/)
    assert.deepEqual(started(), [])
    assert.equal((await checkNrpe(daemon.port, '-c', 'true')).out, 'x\n')
    const found = started()
    assert.equal(found.filter((line) => line.includes('execve')).length, 1, found.join('\n'))
    assert.equal(found.filter((line) => !line.includes('execve')).length, 1, found.join('\n'))
  },
)
