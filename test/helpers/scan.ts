import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { until } from './daemon.ts'
import { output } from './tools.ts'

/** What a test of services needs. */
export const DAEMONTOOLS: readonly string[] = [
  ...['root', 'svscan', 'supervise', 'multilog', 'svc', 'nc', 'ip', 'unshare', 'nsenter'],
]

/**
 * Runs svscan over the directory of a service, in a network namespace, and returns what runs a line
 * in there. Afterwards all is stopped, and then `top` is removed: not by a hook of its own, which
 * would come first.
 */
export async function startScan(
  t: TestContext,
  top: string,
  service: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<(line: string) => string> {
  const command = 'ip link set lo up && exec svscan .'
  const svscan = spawn('unshare', ['-n', 'sh', '-c', command], {
    cwd: dirname(service),
    env,
    stdio: 'ignore',
  })
  t.after(async () => {
    const ended = once(svscan, 'exit')
    svscan.kill('SIGTERM')
    await ended
    execFileSync('svc', ['-dx', service, join(service, 'log')])
    await until('supervise ends', () => !up(service) && !up(join(service, 'log')))
    rmSync(top, { recursive: true })
  })
  await until('supervise runs', () => existsSync(join(service, 'log/supervise/ok')))
  return (line) =>
    execFileSync('nsenter', ['-t', String(svscan.pid), '-n', 'sh', '-c', line], {
      encoding: 'utf8',
    })
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

/** The process of a service, 0 when it is down. */
export const pidOf = (service: string): number =>
  Number(/up \(pid (\d+)\)/.exec(output('svstat', service))?.[1] ?? 0)
