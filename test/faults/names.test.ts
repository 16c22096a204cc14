// Names of live processes that break whoever splits at blanks.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { type Daemon, lastLine, startDaemon } from '../helpers/daemon.ts'
import { needs } from '../helpers/tools.ts'

let daemon: Daemon
before(async () => {
  daemon = await startDaemon()
})
after(() => daemon.stop())

const PERL = needs('perl')

const rows: [set: string, key: string, value: string, field: RegExp][] = [
  ['a) R 1', 'process/a) R 1', '1', /comm/],
  ['k ( S ) 0', 'process/k ( S ) 0', '1', /comm/],
  ['exactly15bytes!', 'process/exactly15bytes!', '1', /comm/],
  ['sixteen bytes ok', 'process/sixteen bytes ok', '1', /argv0/],
  ['/odd/path/knname one', 'process/knname one', '1', /argv0/],
  ['kn: worker 1', 'cmdline/kn: worker', '1', /cmdline/],
  ['kn\tt\xc3\xa4', 'process/kn', '0', /^0/],
]
for (const [name, key, value, field] of rows)
  test(`a process that calls itself ${JSON.stringify(name)}`, PERL, async (t) => {
    const script = `$0 = pack("H*", "${Buffer.from(name, 'latin1').toString('hex')}"); $| = 1; print "x"; <STDIN>`
    const child = spawn('perl', ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
    t.after(() => child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    const reply = await daemon.ask(`${key}\n`)
    assert.equal(lastLine(reply), value, reply)
    assert.match(reply, field)
    if (value === '1') assert.match(reply, new RegExp(`^${child.pid} `))
  })

test('a newline in a name does not hide the process', PERL, async (t) => {
  const child = spawn('perl', ['-e', '$0 = "x\\ny"; $| = 1; print "x"; <STDIN>'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  assert.match(readFileSync(`/proc/${child.pid}/stat`, 'utf8'), /\(x\ny\)/)
  const count = async (): Promise<number> => Number(lastLine(await daemon.ask('proccounttg\n')))
  assert.ok((await count()) > 0)
  assert.match(await daemon.ask('cmdline/x\n'), /cmdline/)
})

test('a zombie is counted, and named as one', PERL, async (t) => {
  const script = '$0 = "knparent"; if (!fork) { $0 = "knzombie"; exit } sleep 1 while !-e "/x"; '
  const child = spawn('perl', ['-e', script], { stdio: 'ignore' })
  t.after(() => child.kill('SIGKILL'))
  let reply = ''
  while (!reply.includes('zombie')) reply = await daemon.ask('process/knzombie\n')
  assert.match(reply, /^\d+ comm \(zombie\)\n1\n$/)
})

test('the daemon never counts itself', async () => {
  const command = readFileSync(`/proc/${daemon.pid}/cmdline`, 'latin1').split('\0')
  const comm = readFileSync(`/proc/${daemon.pid}/comm`, 'latin1').trim()
  for (const key of [
    `process/${comm}`,
    `processd/${comm}`,
    'process/node',
    `cmdline/${command[1]}`,
  ])
    assert.doesNotMatch(await daemon.ask(`${key}\n`), new RegExp(`\\b${daemon.pid}\\b`))
})
