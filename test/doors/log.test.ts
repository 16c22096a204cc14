import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { hourly } from '../../src/doors/hourly.ts'
import { logTo } from '../../src/doors/log.ts'

function sink() {
  const lines: string[] = []
  return Object.assign(new EventEmitter(), {
    writableLength: 0,
    lines,
    write: (text: string) => lines.push(text),
  })
}

test('logTo() writes a line without control characters', () => {
  const stream = sink()
  logTo(stream, 'knoerred')('a\nb\x1b[2J')
  assert.deepEqual(stream.lines, ['knoerred: a?b?[2J\n'])
})

test('logTo() drops lines while the reader sleeps, and says how many', () => {
  const stream = sink()
  const log = logTo(stream, 'knoerred')
  stream.writableLength = 1_000_000
  log('lost')
  log('lost too')
  assert.deepEqual(stream.lines, [])
  stream.writableLength = 0
  log('again')
  assert.deepEqual(stream.lines, ['knoerred: 2 log lines dropped\nknoerred: again\n'])
})

test('logTo() survives a stream that fails', () => {
  const stream = sink()
  const log = logTo(stream, 'knoerred')
  stream.emit('error', new Error('ENOSPC'))
  log('on')
  assert.deepEqual(stream.lines, ['knoerred: 1 log lines dropped\nknoerred: on\n'])
})

test('hourly() says a thing once an hour about each subject', () => {
  const lines: string[] = []
  let now = 0
  const log = hourly(
    (line) => lines.push(line),
    () => now,
  )
  log('a', 'a1')
  log('a', 'a2')
  log('b', 'b1')
  now += 3_600_000
  log('a', 'a3')
  log('a', 'a4')
  assert.deepEqual(lines, ['a1', 'b1', 'a3'])
})

test('hourly() cannot be flooded by many subjects, and has room again an hour later', () => {
  const lines: string[] = []
  let now = 0
  const log = hourly(
    (line) => lines.push(line),
    () => now,
  )
  for (let i = 0; i < 10_000; i++) log(`s${i}`, 'x')
  assert.equal(lines.length, 256)
  now += 3_600_000
  for (let i = 20_000; i < 30_000; i++) log(`s${i}`, 'x')
  assert.equal(lines.length, 512)
})
