import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { askUntil, type Daemon, lastLine } from './daemon.ts'

/**
 * Whether a test can run with what the machine has. Without it the test is skipped with a reason;
 * in CI, where .ci/run installs everything, it runs and fails.
 */
export function needs(...programs: string[]): { skip: string | false } {
  const missing = programs.filter((program) => program !== 'root' && !has(program))
  if (programs.includes('root') && process.getuid?.() !== 0) missing.push('root')
  if (missing.length === 0 || process.env['CI'] === 'true') return { skip: false }
  return { skip: `needs ${missing.join(', ')}` }
}

const has = (program: string): boolean =>
  spawnSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' }).status === 0

/** Standard output of a program, in the C locale. */
export const output = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })

/** A directory that goes with the test. */
export function directory(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'knoerred-'))
  context.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A writable copy of a fixture host, and the options that point a daemon at it. */
export function fixtureHost(
  context: TestContext,
  name: string,
): { path: string; options: string[] } {
  const path = directory(context)
  cpSync(new URL(`../fixtures/${name}`, import.meta.url).pathname, path, { recursive: true })
  const options = ['proc', 'sys', 'root', 'cache'].flatMap((tree) => [
    `--${tree}`,
    join(path, tree),
  ])
  return { path, options }
}

/** Lets time pass on a fixture host, so that its CPU keys have values: u25s10w5. */
export async function withRates(daemon: Daemon, path: string): Promise<void> {
  await askUntil(daemon, 'ctxt\n', (reply) => lastLine(reply) === '0')
  tick(join(path, 'proc/stat'))
  await askUntil(daemon, 'cpuu\n', (reply) => lastLine(reply) === '25')
}

/** Ticks that make 25 percent user, 10 system, 5 iowait of what passes after the first sample. */
function tick(statFile: string): void {
  const text = readFileSync(statFile, 'latin1')
  const add = [250, 0, 60, 600, 50, 0, 40, 0]
  const next = text.replace(/^cpu {2}.*$/m, (line) =>
    [
      'cpu ',
      ...line
        .split(/ +/)
        .slice(1)
        .map((n, i) => Number(n) + (add[i] ?? 0)),
    ].join(' '),
  )
  // In place and in one write: the daemon has the file open.
  if (next.length !== text.length) throw new Error('The ticks need more digits')
  const file = openSync(statFile, 'r+')
  writeSync(file, next, 0, 'latin1')
  closeSync(file)
}

/** A file of the fixtures. */
export const fixture = (path: string): URL => new URL(`../fixtures/${path}`, import.meta.url)
