// knoerre on a host in trouble: it says so, and it ends.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { KNOERRE } from '../helpers/http.ts'
import { fuseMounts } from '../helpers/mounts.ts'
import { needs } from '../helpers/tools.ts'

test('a mount that hangs is an answer, and holds nobody up', needs('root', 'bindfs'), async (t) => {
  const [mount] = await fuseMounts(t, 1)
  mount?.freeze()
  const child = spawn(process.execPath, [KNOERRE, `diskusage${mount?.point}`])
  let said = ''
  child.stdout.setEncoding('latin1').on('data', (chunk) => {
    said += chunk
  })
  // A thread that sleeps in the kernel keeps exit(3) waiting: only the signal ends it.
  assert.deepEqual(await once(child, 'close'), [null, 'SIGKILL'])
  assert.match(said, /^error: cannot answer now: diskusage\S+ \(.+\)\n9223372036854775807\n$/)
})
