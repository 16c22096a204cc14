import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { until } from './daemon.ts'

export interface FuseMount {
  readonly point: string
  /** The server sleeps: whoever asks the mount waits. */
  freeze(): void
  thaw(): void
}

/** FUSE mounts of a directory with a file in it; all are thawed, unmounted and gone with the test. */
export async function fuseMounts(t: TestContext, count: number): Promise<FuseMount[]> {
  const top = mkdtempSync(join(tmpdir(), 'knoerred-fuse-'))
  mkdirSync(join(top, 'source'))
  writeFileSync(join(top, 'source/file'), 'one\ntwo\n')
  const servers: ChildProcess[] = []
  const points = Array.from({ length: count }, (_, i) => join(top, `mount${i}`))
  t.after(async () => {
    for (const server of servers) server.kill('SIGCONT')
    for (const point of points) execFileSync('umount', ['-l', point], { stdio: 'ignore' })
    await Promise.all(servers.map((server) => server.exitCode ?? once(server, 'exit')))
    rmSync(top, { recursive: true })
  })
  for (const point of points) {
    mkdirSync(point)
    servers.push(spawn('bindfs', ['-f', join(top, 'source'), point], { stdio: 'ignore' }))
    await until(`${point} is mounted`, () =>
      readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${point} `),
    )
  }
  return points.map((point, i) => ({
    point,
    freeze: () => void servers[i]?.kill('SIGSTOP'),
    thaw: () => void servers[i]?.kill('SIGCONT'),
  }))
}
