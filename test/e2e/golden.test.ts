// The built daemon on fixture hosts: every key asked, one file a host compared. UPDATE=1 rewrites it.
import assert from 'node:assert/strict'
import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checks } from '../../src/checks/index.ts'
import { type Daemon, startDaemon } from '../helpers/daemon.ts'
import { fixture, fixtureHost, withRates } from '../helpers/tools.ts'

const STUB = new URL('../helpers/stub.cjs', import.meta.url).pathname

/** What is asked of each host, in the manual's order. A line feed between two keys: one packet. */
const REQUESTS =
  `load1 load5 load15 load1/ cpuu cpus cpuw cpuI cpuu/10 cpuu/0 cpuu/301 cpuI/x ctxt ctxt/5
hostname/gway hostname/GWAY.example.com hostname/way hostname/ hostname
timediff/1800000000 timediff/1799999990 timediff/1800000011 timediff/ timediff/1e9 timediff/-1
nettraf/eth0 nettraf/lo/10 nettraf/eth9 nettraf/ nettraf/eth0/1/2 nettraf0 nettraf1 nettraf1/0 netlinksdown
swaps diskusage/ diskusage/home diskusage//home/ diskusage/none diskusage diskusage/a/../b
diskinodes/ diskinodes/home diskusagelocal proccount proccounttg
process/systemd process/nginx process/sshd process/prometheus-node process/prometheus-node-exporter
process/cron process/bash process/-bash process/kworker/0:1-events process/ngin process/ process
process/a%20b processd/nginx processd/bash cmdline/--web cmdline/worker%20process cmdline/two%20words
cmdline/nosuch cmdline/ process/a)%20R%201
cat/etc/motd cat/etc/no-newline cat/etc/empty cat/etc/long cat/etc/none cat/etc cat/ cat cat/../etc/motd
cmp/etc/motd//etc/motd.same cmp/etc/motd//etc/motd.other cmp/etc/motd//etc/empty cmp/etc/motd cmp/etc/motd//
filetimestamp/etc/motd filetimestamp/etc filetimestamp/etc/none wc-l/etc/motd wc-l/etc/no-newline wc-l/etc/long
loadmulti loadmulti/1800000000 loadmulti/1800000000/gway loadmulti//other loadmulti/x/
multi/web multi/words multi/all multi/web/1799999990/gway multi/web//other multi/none multi/ multi multi/web/1/2/3 keys self
lod1 LOAD1 load1%20 %20 __proto__ constructor/x self%01 cat/%ff load1|load5 load1|lod1|load1
load1|loadmulti/1800000000|ctxt load1|multi/web|ctxt cat/etc/long|load1| |||`
    .split(/\s/)
    .map((word) => decode(word).replaceAll('|', '\n'))

/** `%20` is a byte. */
function decode(word: string): string {
  return word.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}

async function transcript(daemon: Daemon, requests: readonly string[]): Promise<string> {
  let text = ''
  for (const request of requests) {
    const reply = await daemon.ask(Buffer.from(`${request}\n`, 'latin1'))
    text += `> ${request.replaceAll('\n', '|')}\n${reply}\n`
  }
  // What `self` counts is different each time; that it says it is not.
  const timeless = text.replace(/\b(up|requests|errors|drops|stall)=\d+/g, '$1=N')
  return [...timeless].map((byte) => (byte === '\n' ? byte : printed(byte))).join('')
}

/** What a reply or a request may hold that a text file should not, as `%xx`. */
const printed = (byte: string): string =>
  byte >= ' ' && byte <= '~' ? byte : `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`

for (const host of ['linux-6.1', 'linux-2.6.32'])
  test(`every key on ${host}`, async (t) => {
    const { path, options } = fixtureHost(t, host)
    for (const file of ['motd', 'motd.same', 'motd.other', 'no-newline', 'empty', 'long'])
      if (host === 'linux-6.1')
        utimesSync(join(path, 'root/etc', file), 1_700_000_000, 1_700_000_000)
    const sets = fixture('sets').pathname
    const daemon = await startDaemon([...options, '--sets', sets], ['--require', STUB])
    t.after(() => daemon.stop())
    await withRates(daemon, path)
    const found = await transcript(daemon, REQUESTS)
    const golden = new URL(`../golden/${host}.txt`, import.meta.url)
    if (process.env['UPDATE'] === '1') writeFileSync(golden, found)
    assert.equal(found, readFileSync(golden, 'utf8'))
  })

test('every key of the table is asked for', () => {
  const asked = new Set(
    REQUESTS.flatMap((request) => request.split('\n').map((key) => key.split('/')[0])),
  )
  assert.deepEqual(
    checks.map(({ key }) => key).filter((key) => !asked.has(key)),
    [],
  )
})
