import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Guard } from '../../src/readers/guard.ts'
import { ProcessTable } from '../../src/readers/processes.ts'
import { directory } from '../helpers/tools.ts'

const guard = new Guard(2, 5_000)

test('ProcessTable.all() sees a live process with its command line, and never itself', async (t) => {
  const child = spawn('sleep', ['61.5'], { stdio: 'ignore' })
  t.after(() => child.kill('SIGKILL'))
  await once(child, 'spawn')
  const found = await new ProcessTable('/proc', guard).all()
  const sleep = found.find(({ pid }) => pid === child.pid)
  assert.deepEqual([sleep?.comm, sleep?.cmdline], ['sleep', 'sleep\x0061.5\0'])
  assert.equal(
    found.some(({ pid }) => pid === process.pid),
    false,
  )
})

test('ProcessTable.all() is one scan for all who ask while it runs', async () => {
  const table = new ProcessTable('/proc', guard)
  const [one, other] = [table.all(), table.all()]
  assert.equal(one, other)
  await one
  assert.notEqual(table.all(), one)
})

test('ProcessTable.all() leaves out processes that vanish: ENOENT', async (t) => {
  const root = directory(t)
  for (const pid of ['1', '2', '3']) mkdirSync(join(root, pid))
  mkdirSync(join(root, 'net'))
  writeFileSync(join(root, '2/stat'), '2 (a) S 1 2 2 0 -1 0 0\n')
  writeFileSync(join(root, '2/cmdline'), 'a\0')
  writeFileSync(join(root, '3/stat'), '3 (gone) S 1 2 2 0 -1 0 0\n')
  const table = new ProcessTable(root, guard)
  assert.deepEqual(
    (await table.all()).map(({ pid }) => pid),
    [2],
  )
  assert.equal(await table.count(), 3)
})

test('ProcessTable.all() reads a command line of any length', async (t) => {
  const root = directory(t)
  mkdirSync(join(root, '7'))
  writeFileSync(join(root, '7/stat'), '7 (a) S 1 2 2 0 -1 0 0\n')
  writeFileSync(join(root, '7/cmdline'), 'a'.repeat(200_000))
  const [process] = await new ProcessTable(root, guard).all()
  assert.equal(process?.cmdline?.length, 200_000)
})
