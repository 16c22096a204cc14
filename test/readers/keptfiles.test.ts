import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { KeptFiles } from '../../src/readers/keptfiles.ts'
import { directory } from '../helpers/tools.ts'

const descriptors = (): number => readdirSync('/proc/self/fd').length

test('KeptFiles.text() reads anew each time, and keeps one descriptor', (t) => {
  const path = directory(t)
  const files = new KeptFiles(path)
  t.after(() => files.close())
  writeFileSync(join(path, 'a'), 'one\n')
  assert.equal(files.text('a'), 'one\n')
  const before = descriptors()
  writeFileSync(join(path, 'a'), 'three\n')
  for (let i = 0; i < 10; i++) assert.equal(files.text('a'), 'three\n')
  assert.equal(files.record('a'), 'three\n')
  truncateSync(join(path, 'a'))
  assert.equal(files.text('a'), '')
  assert.equal(descriptors(), before)
})

test('KeptFiles.text() reads a live file to its end, over many reads', (t) => {
  const files = new KeptFiles('/proc')
  t.after(() => files.close())
  const whole = readFileSync('/proc/kallsyms', 'latin1')
  assert.ok(whole.length > 100_000)
  assert.equal(files.text('kallsyms'), whole)
  assert.equal(files.text('kallsyms'), whole)
})

test('KeptFiles.text() lets go of what has gone', async (t) => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  await once(child, 'spawn')
  const files = new KeptFiles('/proc')
  t.after(() => files.close())
  const before = descriptors()
  assert.match(files.text(`${child.pid}/comm`), /^sleep|^node/)
  assert.equal(descriptors(), before + 1)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.throws(() => files.text(`${child.pid}/comm`), { code: 'ENOENT' })
  assert.equal(descriptors(), before)
})

test('KeptFiles.text() a file that is missing is an error each time, then read', (t) => {
  const path = directory(t)
  const files = new KeptFiles(path)
  t.after(() => files.close())
  assert.throws(() => files.text('a'), { code: 'ENOENT' })
  writeFileSync(join(path, 'b'), 'here')
  renameSync(join(path, 'b'), join(path, 'a'))
  assert.equal(files.text('a'), 'here')
  rmSync(join(path, 'a'))
})

test('KeptFiles.text() keeps no more than 128 descriptors', (t) => {
  const path = directory(t)
  const files = new KeptFiles(path)
  const before = descriptors()
  for (let i = 0; i < 300; i++) {
    writeFileSync(join(path, String(i)), String(i))
    assert.equal(files.text(String(i)), String(i))
  }
  assert.equal(descriptors(), before + 128)
  assert.equal(files.text('0'), '0')
  files.close()
  assert.equal(descriptors(), before)
})

test('KeptFiles.has() tells whether a path exists', (t) => {
  const path = directory(t)
  const files = new KeptFiles(path)
  assert.equal(files.has('a'), false)
  writeFileSync(join(path, 'a'), '')
  assert.equal(files.has('a'), true)
})
