// The built daemon on fixture hosts: every key asked, one file a host compared. UPDATE=1 rewrites it.
import assert from 'node:assert/strict'
import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checks } from '../../src/checks/index.ts'
import { askUntil, type Daemon, lastLine, startDaemon } from '../helpers/daemon.ts'
import { get, httpPort, knoerre, pathOf, startHttpd } from '../helpers/http.ts'
import { fixture, fixtureHost, withRates } from '../helpers/tools.ts'

const TICK = new URL('../helpers/tick.cjs', import.meta.url).pathname
const STUB = new URL('../helpers/stub.cjs', import.meta.url).pathname

/** What is asked of each host, in the manual's order. A line feed between two keys: one packet. */
const REQUESTS =
  `load1 load5 load15 load1/ cpuu cpus cpuw cpuI cpuu/10 cpuu/0 cpuu/301 cpuI/x cpui cpui/3 ctxt ctxt/5
hostname/gway hostname/GWAY.example.com hostname/way hostname/ hostname
timediff/1800000000 timediff/1799999990 timediff/1800000011 timediff/ timediff/1e9 timediff/-1
nettraf/eth0 nettraf/lo/10 nettraf/eth9 nettraf/ nettraf/eth0/1/2 nettraf0 nettraf1 nettraf1/0 netlinksdown
neterrs/eth0 neterrs/eth9 neterrs/ udpdrops udpdrops/0 tcpretrans/10 listendrops listendrops/x
oomkills oomkills/1 running blocked zombies forks forks/0 diskio diskio/ diskio/vda diskio/cciss/c0d0 diskio/cciss/c0d0/10
diskio/vda/10 diskio//10 diskio/vda/0 diskio/none disklatency disklatency/vda
pressure/cpu pressure/cpu/full pressure/io pressure/io/full pressure/io/some pressure/memory pressure/irq pressure pressure/io/full/x
fds fds/ fds/nginx fds/sshd fds/cron fds/init fds/none sockets sockets/tcp sockets/timewait sockets/toString sockets/ conntrack entropy hungtasks
netlink/eth0 netlink/eth1 netlink/eth2 netlink/lo netlink/eth9 netlink/../lo bond/bond0 bond/bond1 bond/none bond/ bond/../dev
mdraid mountro mounted/ mounted/home mounted/home/ mounted/auto mounted/none mounted/srv mounted/../home temp
memcg/system.slice/nginx.service memcg/system.slice memcg/none memcg/lxc/web memcg/all memcg/ memcg memcg/a/../b
dmesg/EXT4-fs dmesg/semicolon dmesg/none dmesg/SUBSYSTEM dmesg/ dmesg mailqsize clocksync systemd container
cachedvalue/backup cachedvalue/none cachedvalue/sub cachedvalue/sub/x cachedvalue/.. cachedvalue/
uptime uptime/1 users users/x mem mem/
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

type Ask = (request: string) => Promise<string>

async function transcript(ask: Ask, requests: readonly string[]): Promise<string> {
  let text = ''
  for (const request of requests) {
    const reply = await ask(request)
    text += `> ${request.replaceAll('\n', '|')}\n${reply}\n`
  }
  // What `self` counts is different each time, and how long was sampled; that it says so is not.
  const timeless = text
    .replace(/\b(up|requests|errors|drops|stall)=\d+/g, '$1=N')
    .replace(/ in \d+s$/gm, ' in Ns')
    .replace(/ in the last \d+m$/gm, ' in the last Nm')
  return [...timeless].map((byte) => (byte === '\n' ? byte : printed(byte))).join('')
}

const overUdp =
  (daemon: Daemon): Ask =>
  (request) =>
    daemon.ask(Buffer.from(`${request}\n`, 'latin1'))

const overHttp =
  (port: number): Ask =>
  async (request) =>
    (await get(port, pathOf(request))).body

const overKnoerre = (path: string, options: readonly string[]): Ask => {
  const stat = join(path, 'proc/stat')
  const before = readFileSync(stat)
  return async (request) => {
    writeFileSync(stat, before)
    return (
      await knoerre([...options, '--', request], ['--require', STUB, '--require', TICK], {
        TICK_STAT: stat,
      })
    ).stdout
  }
}

/** Files of a known age. */
function age(path: string): void {
  for (const file of ['motd', 'motd.same', 'motd.other', 'no-newline', 'empty', 'long'])
    utimesSync(join(path, 'root/etc', file), 1_700_000_000, 1_700_000_000)
  for (const file of ['root/run/systemd/timesync/synchronized', 'cache/backup'])
    utimesSync(join(path, file), 1_799_999_000, 1_799_999_000)
}

/** What a reply or a request may hold that a text file should not, as `%xx`. */
const printed = (byte: string): string =>
  byte >= ' ' && byte <= '~' ? byte : `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`

for (const host of ['linux-6.1', 'linux-2.6.32'])
  test(`every key on ${host}`, async (t) => {
    const { path, options } = fixtureHost(t, host)
    if (host === 'linux-6.1') age(path)
    const sets = fixture('sets').pathname
    const all = [...options, '--sets', sets]
    const daemon = await startDaemon([...all, '--http', '0'], ['--require', STUB])
    t.after(() => daemon.stop())
    const httpd = await startHttpd(all, ['--require', STUB])
    t.after(() => httpd.stop())
    await withRates(daemon, path)
    await askUntil(httpd, 'cpuu\n', (reply) => lastLine(reply) === '25')
    const found = await transcript(overUdp(daemon), REQUESTS)
    const golden = new URL(`../golden/${host}.txt`, import.meta.url)
    if (process.env['UPDATE'] === '1') writeFileSync(golden, found)
    assert.equal(found, readFileSync(golden, 'utf8'))
    // An empty key is the page of the HTTP door.
    const named = REQUESTS.filter((request) => request !== '')
    const same = await transcript(overUdp(daemon), named)
    assert.equal(await transcript(overHttp(httpPort(daemon.log())), named), same)
    assert.equal(await transcript(overHttp(httpd.port), named), same)
  })

/** knoerre takes words of UTF-8; each of its runs samples a host on which time passes meanwhile. */
const words = REQUESTS.filter((request) => !/[\x80-\xff]/.test(request))

test('every key on linux-6.1 by knoerre', async (t) => {
  const golden = readFileSync(new URL('../golden/linux-6.1.txt', import.meta.url), 'utf8')
  const expected = golden.split(/^> /m).filter((entry) => !entry.startsWith('cat/%ff\n'))
  const lanes = Array.from({ length: 3 }, () => {
    const { path, options } = fixtureHost(t, 'linux-6.1')
    age(path)
    return overKnoerre(path, [...options, '--sets', fixture('sets').pathname])
  })
  const found = await Promise.all(
    lanes.map((ask, lane) =>
      transcript(
        ask,
        words.filter((_, i) => i % lanes.length === lane),
      ),
    ),
  )
  const entries = found.map((text) => text.split(/^> /m).slice(1))
  const merged = words.map((_, i) => entries[i % lanes.length]?.[Math.floor(i / lanes.length)])
  assert.deepEqual(merged, expected.slice(1))
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
