// Files of every kind, through the system as checks see it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { newVitals } from '../../src/core/vitals.ts'
import { countLines, firstDifference, readContent } from '../../src/readers/content.ts'
import { LinuxSystem } from '../../src/readers/system.ts'
import { directory } from '../helpers/tools.ts'

function host(t: TestContext, deadline = 2_000, root = directory(t)) {
  const trees = { proc: '/proc', sys: '/sys', root, cache: root, mostHung: 2, deadline }
  const system = new LinuxSystem(trees, newVitals())
  t.after(() => system.close())
  return { root, system }
}

test('withFile() opens nothing but regular files', async (t) => {
  const { root, system } = host(t)
  mkdirSync(join(root, 'dir'))
  execFileSync('mkfifo', [join(root, 'fifo')])
  const server = createServer().listen(join(root, 'socket'))
  t.after(() => server.close())
  symlinkSync('loop', join(root, 'loop'))
  const open = (path: string) => system.withFile(path, () => assert.fail('it was opened'))
  await assert.rejects(open('/dir'), /^Error: a directory, not a regular file/)
  await assert.rejects(open('/fifo'), /a FIFO/)
  await assert.rejects(open('/socket'), /a socket/)
  await assert.rejects(open('/loop'), { code: 'ELOOP' })
  await assert.rejects(open('/none'), { code: 'ENOENT' })
  await assert.rejects(system.mtime('/fifo'), /a FIFO/)
  const live = host(t, 2_000, '/').system
  await assert.rejects(live.mtime('/dev/zero'), /a character device/)
})

test('withFile() closes what it opened, also when the reading fails', async (t) => {
  const { root, system } = host(t)
  writeFileSync(join(root, 'a'), 'text')
  await system.mtime('/a')
  const before = readdirSync('/proc/self/fd').length
  await system.withFile('/a', async () => 1)
  await assert.rejects(
    system.withFile('/a', async () => {
      throw new Error('no')
    }),
    /no/,
  )
  // The close is queued behind the call that ended: one more call has it done.
  await system.mtime('/a')
  assert.equal(readdirSync('/proc/self/fd').length, before)
})

for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 300_000])
  test(`readContent() of ${size} bytes`, async (t) => {
    const { root, system } = host(t)
    const text = Array.from({ length: size }, (_, i) => 'abcdefghij\n'[i % 11]).join('')
    writeFileSync(join(root, 'a'), text)
    const { head, cut, tail } = await system.withFile('/a', (file) => readContent(system, file))
    assert.equal(head.length + cut + tail.length, size)
    assert.ok(text.startsWith(head) && text.endsWith(tail))
    assert.equal(cut, Math.max(0, size - 131_072))
  })

test('countLines() counts as wc -l does', async (t) => {
  const { root, system } = host(t)
  const text = `${'line\n'.repeat(50_000)}no end`
  writeFileSync(join(root, 'a'), text)
  assert.equal(await system.withFile('/a', (file) => countLines(system, file)), 50_000)
})

test('firstDifference() counts bytes as cmp does', async (t) => {
  const { root, system } = host(t)
  const text = 'x'.repeat(200_000)
  const compare = (one: string, other: string): Promise<number | undefined> => {
    writeFileSync(join(root, 'one'), one)
    writeFileSync(join(root, 'other'), other)
    return system.withFile('/one', (a) =>
      system.withFile('/other', (b) => firstDifference(system, a, b)),
    )
  }
  assert.equal(await compare(text, text), undefined)
  assert.equal(await compare('', ''), undefined)
  assert.equal(await compare(`y${text}`, `x${text}`), 1)
  assert.equal(await compare(`${text}a`, `${text}b`), 200_001)
  assert.equal(await compare(text, `${text}b`), 200_001)
  assert.equal(await compare('', 'b'), 1)
})

test('reading stops at the deadline', async (t) => {
  const { root, system } = host(t, 400)
  writeFileSync(join(root, 'sparse'), '')
  truncateSync(join(root, 'sparse'), 10 * 2 ** 30)
  await assert.rejects(
    system.withFile('/sparse', (file) => countLines(system, file)),
    /^Error: \d+ bytes read, and no end, in 360 ms/,
  )
})

test('a file that grows while it is read comes to an end all the same', async (t) => {
  const { root, system } = host(t, 400)
  const path = join(root, 'growing')
  writeFileSync(path, 'x'.repeat(200_000))
  const growing = system.withFile('/growing', (file) =>
    readContent(system, {
      ...file,
      read: async (into, position) => {
        appendFileSync(path, 'y'.repeat(into.length))
        return file.read(into, position)
      },
    }),
  )
  await assert.rejects(growing, /no end/)
})

test('multiresults() is a regular file of at most so many bytes, or nothing', async (t) => {
  const { root, system } = host(t)
  await system.start()
  assert.equal(system.multiresults(10), undefined)
  writeFileSync(join(root, 'multiresults'), '0123456789abc')
  assert.equal(system.multiresults(10), '0123456789')
  const other = host(t)
  await other.system.start()
  execFileSync('mkfifo', [join(other.root, 'multiresults')])
  assert.equal(other.system.multiresults(10), undefined)
})
