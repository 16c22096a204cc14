// The package as npm makes it: installed elsewhere, without the sources.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startCommand } from '../helpers/daemon.ts'
import { directory } from '../helpers/tools.ts'

const npm = (...args: string[]): string =>
  execFileSync('npm', ['--no-audit', '--no-fund', '--prefer-offline', ...args], {
    encoding: 'utf8',
    cwd: new URL('../..', import.meta.url).pathname,
    stdio: ['ignore', 'pipe', 'ignore'],
  })

test('npm pack gives a tarball that installs with npm i -g and runs', async (t) => {
  const path = directory(t)
  // The build is there already; building again would pull it from under other tests.
  npm('pack', '--ignore-scripts', '--pack-destination', path)
  const [tarball = ''] = readdirSync(path)
  npm('install', '--global', '--prefix', join(path, 'prefix'), join(path, tarball))
  const installed = join(path, 'prefix/lib/node_modules/knoerred')
  assert.equal(existsSync(join(installed, 'src')), false)
  assert.equal(existsSync(join(path, 'prefix/share/man/man8/knoerred.8')), true)
  const daemon = await startCommand(join(path, 'prefix/bin/knoerred'), [
    ...['--listen', '127.0.0.1', '0', '127.0.0.1'],
  ])
  assert.match(await daemon.ask('load1\n'), /^\d+\.\d\d .*\n\d+\.\d\d\n$/)
  assert.equal(await daemon.stop(), 0)
})
