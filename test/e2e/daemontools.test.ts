// The run scripts of the README under svscan, supervise and multilog, in a network namespace of their own.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { BIN, until } from '../helpers/daemon.ts'
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
    scan: join(top, 'service'),
    service,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` },
  }
}

async function startScan(t: TestContext) {
  const { top, scan, service, env } = serviceDirectory()
  const command = 'ip link set lo up && exec svscan .'
  const svscan = spawn('unshare', ['-n', 'sh', '-c', command], { cwd: scan, env, stdio: 'ignore' })
  t.after(async () => {
    const ended = once(svscan, 'exit')
    svscan.kill('SIGTERM')
    await ended
    execFileSync('svc', ['-dx', service, join(service, 'log')])
    await until('supervise ends', () => !up(service) && !up(join(service, 'log')))
    rmSync(top, { recursive: true })
  })
  const inside = (line: string): string =>
    execFileSync('nsenter', ['-t', String(svscan.pid), '-n', 'sh', '-c', line], {
      encoding: 'utf8',
    })
  await until('supervise runs', () => existsSync(join(service, 'log/supervise/ok')))
  return { service, inside }
}

/** Whether a supervise is there: svok(8). */
const up = (service: string): boolean => {
  try {
    execFileSync('svok', [service])
    return true
  } catch {
    return false
  }
}

/** A line of multilog: TAI64N, then what the daemon said. */
const READY = /^@[0-9a-f]{24} knoerred: ready: .*127\.0\.0\.1:8888/gm

const pidOf = (service: string): number =>
  Number(/up \(pid (\d+)\)/.exec(output('svstat', service))?.[1] ?? 0)

test(
  'supervise starts it, starts it again after kill -9, svc -d ends it, multilog has its log',
  needs('root', 'svscan', 'supervise', 'multilog', 'svc', 'nc', 'ip', 'unshare', 'nsenter'),
  async (t) => {
    const { service, inside } = await startScan(t)
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
