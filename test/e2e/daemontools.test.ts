// The run scripts of the README under svscan, supervise and multilog, in a network namespace of their own.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { BIN, until } from '../helpers/daemon.ts'
import { DAEMONTOOLS, pidOf, startScan } from '../helpers/scan.ts'
import { needs, output } from '../helpers/tools.ts'

/** The code block that the README shows for a file. */
function script(file: string): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [, after = ''] = readme.split(`\`/service/knoerred/${file}\`:`)
  const [, text = ''] = /```sh\n(.*?)```/s.exec(after) ?? []
  assert.match(text, /^#!\/bin\/sh\n/)
  return text
}

/** A scan directory with the service in it, and `knoerred` on the PATH. */
function serviceDirectory() {
  const top = mkdtempSync(join(tmpdir(), 'knoerred-'))
  chmodSync(top, 0o755)
  const service = join(top, 'service/knoerred')
  const bin = join(top, 'bin')
  mkdirSync(join(service, 'log/main'), { recursive: true })
  mkdirSync(bin)
  symlinkSync(BIN, join(bin, 'knoerred'))
  for (const file of ['run', 'log/run'])
    writeFileSync(join(service, file), script(file), { mode: 0o755 })
  const nobody = [
    Number(output('id', '-u', 'nobody')),
    Number(output('id', '-g', 'nobody')),
  ] as const
  chownSync(join(service, 'log/main'), ...nobody)
  return {
    top,
    service,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` },
  }
}

/** A line of multilog: TAI64N, then what the daemon said. */
const READY = /^@[0-9a-f]{24} knoerred: ready: .*127\.0\.0\.1:8888/gm

test(
  'supervise starts it, starts it again after kill -9, svc -d ends it, multilog has its log',
  needs(...DAEMONTOOLS),
  async (t) => {
    const { top, service, env } = serviceDirectory()
    const inside = await startScan(t, top, service, env)
    const ready = (): number =>
      readFileSync(join(service, 'log/main/current'), 'utf8').match(READY)?.length ?? 0
    const answers = (): boolean =>
      /^\d+\.\d\d$/m.test(inside('echo load1 | nc -u -w1 -W1 127.0.0.1 8888 || true'))
    await until('an answer by nc', answers)
    await until('the start is in the log', () => ready() === 1)

    const first = pidOf(service)
    const status = readFileSync(`/proc/${first}/status`, 'utf8')
    assert.match(status, new RegExp(`^Uid:\\s${output('id', '-u', 'nobody').trim()}\\s`, 'm'))
    process.kill(first, 'SIGKILL')
    await until('another process', () => pidOf(service) !== 0 && pidOf(service) !== first)
    await until('an answer after kill -9', answers)
    await until('both starts are in the log', () => ready() === 2)

    const second = pidOf(service)
    const asked = performance.now()
    execFileSync('svc', ['-d', service])
    await until('it is down', () => !existsSync(`/proc/${second}`))
    assert.ok(performance.now() - asked < 1_000, 'svc -d within a second')
    assert.match(output('svstat', service), /: down /)
  },
)
