import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOST_BEGUN, Runner, type RunnerLimits } from '../../src/commands/runner.ts'

const LIMITS: RunnerLimits = {
  timeout: 5,
  most: 0,
  environment: { PATH: process.env['PATH'] ?? '' },
}

const runner = (limits: Partial<RunnerLimits> = {}): Runner =>
  new Runner({ ...LIMITS, ...limits }, () => undefined)

test('output is read while the command runs: more than a pipe holds', async () => {
  const { output, lost, code } = await runner().run('a', [
    'sh',
    '-c',
    'head -c 300000 /dev/zero | tr "\\0" x',
  ])
  assert.deepEqual([code, output.length, lost], [0, 262_144, 300_000 - 262_144])
})

test('words that cannot be words of a program are an answer', async () => {
  assert.equal((await runner().run('a', ['/bin/echo', 'a\0b'])).code, 3)
  assert.equal((await runner().run('a', ['/bin/echo', 'x'.repeat(3_000_000)])).code, 3)
  assert.equal((await runner().run('a', [''])).code, 3)
  assert.match((await runner().run('a', ['/etc/passwd'])).output, /not permitted to start/)
})

test('bytes that are UTF-8 pass', async () => {
  const bytes = Buffer.from('größe €').toString('latin1')
  assert.equal((await runner().run('a', ['printf', '%s', bytes])).output, bytes)
})

test('who waits too long for a place is told so, and places come back', async () => {
  const one = runner({ most: 1, timeout: 0.4 })
  const [slow, waiting] = await Promise.all([one.run('a', ['sleep', '60']), one.run('a', ['echo'])])
  assert.match(slow.output, /^NRPE: Command timed out after 0.4 seconds$/)
  assert.match(waiting.output, /timed out|Unable to read/)
  const after = await one.run('a', ['echo', 'again'])
  assert.equal(after.output, 'again')
  const missing = await Promise.all([1, 2, 3].map(() => one.run('a', ['/nonexistent'])))
  assert.ok(missing.every(({ output }) => output.includes('no such program')))
  assert.equal((await one.run('a', ['echo', 'still'])).output, 'still')
})

test('who asks and leaves, again and again, does not fill the host', async () => {
  const one = runner({ most: 1, timeout: 0.4 })
  const begun = Array.from({ length: MOST_BEGUN }, () => one.run('a', ['sleep', '60']))
  const { code, output } = await one.run('a', ['echo'])
  assert.deepEqual([code, output], [3, 'NRPE: Not run: 500 commands run or wait'])
  await Promise.all(begun)
  assert.equal((await one.run('a', ['echo', 'again'])).output, 'again')
})

test('killAll() ends what runs', async () => {
  const one = runner()
  const running = one.run('a', ['sh', '-c', 'echo begun; sleep 60'])
  setTimeout(() => one.killAll(), 100)
  assert.deepEqual(await running, { code: 2, output: 'begun', lost: 0 })
})
