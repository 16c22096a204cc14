// What a Prometheus of Debian sees of a fixture host.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checks } from '../../src/checks/index.ts'
import { metricName } from '../../src/doors/metrics.ts'
import { until } from '../helpers/daemon.ts'
import { freePort, get, startHttpd } from '../helpers/http.ts'
import { directory, fixtureHost, needs } from '../helpers/tools.ts'

const SETS = `web = diskusage/ diskinodes/home process/nginx swaps nettraf/eth0 cat/etc/none loadmulti
words = "cmdline/two words" diskusage/
`

/** The samples of a text: name and labels to value. */
const samplesOf = (text: string): Map<string, string> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]),
  )

test('/metrics: base units, one name a key, the sets by label, failed keys counted', async (t) => {
  const { path, options } = fixtureHost(t, 'linux-6.1')
  rmSync(join(path, 'proc/swaps'))
  writeFileSync(join(path, 'sets'), SETS)
  const httpd = await startHttpd([...options, '--sets', join(path, 'sets')])
  t.after(() => httpd.stop())
  const { headers, body } = await get(httpd.port, '/metrics')
  assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  const samples = samplesOf(body)
  assert.equal(samples.get('knoerred_load1'), '0.21')
  assert.equal(samples.get('knoerred_process{key="process/nginx"}'), '2')
  assert.equal(samples.get('knoerred_cmdline{key="cmdline/two words"}'), '1')
  assert.match(samples.get('knoerred_diskusage_ratio{key="diskusage/"}') ?? '', /^(0\.\d+|0|1)$/)
  assert.match(body, /^# HELP knoerred_diskusage_ratio ratio used of the file system of PATH$/m)
  assert.match(body, /^# TYPE knoerred_diskusage_ratio gauge$/m)
  assert.ok(samples.has('knoerred_nettraf_bytes_per_second{key="nettraf/eth0"}'))
  assert.ok(!samples.has('knoerred_swaps_ratio'))
  assert.match(samples.get('knoerred_failed_keys{kind="no such object"}') ?? '', /^[2-9]$/)
  assert.equal(samples.get('knoerred_requests_total'), '0')
  assert.ok(!/loadmulti/.test(body))
})

test('no two keys have one metric', () => {
  const names = checks.map(metricName)
  assert.deepEqual(names, [...new Set(names)])
})

/** A Prometheus that scrapes a port, and what it answers to a query. */
async function startPrometheus(path: string, target: number) {
  const config = `global: { scrape_interval: 1s }
scrape_configs: [ { job_name: knoerred, static_configs: [ { targets: ['127.0.0.1:${target}'] } ] } ]
`
  writeFileSync(join(path, 'prometheus.yml'), config)
  const port = await freePort()
  const child = spawn(
    'prometheus',
    [
      `--config.file=${path}/prometheus.yml`,
      `--storage.tsdb.path=${path}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  const query = async (expression: string): Promise<{ value: [number, string] }[]> => {
    const path = `/api/v1/query?query=${encodeURIComponent(expression)}`
    const found = await get(port, path).catch(() => undefined)
    return found?.status === 200 ? JSON.parse(found.body).data.result : []
  }
  const stop = async (): Promise<void> => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return { query, stop }
}

test(
  'promtool finds nothing to complain about; Prometheus scrapes it',
  needs('prometheus', 'promtool'),
  async (t) => {
    const { path, options } = fixtureHost(t, 'linux-6.1')
    writeFileSync(join(path, 'sets'), SETS)
    const httpd = await startHttpd([...options, '--sets', join(path, 'sets')])
    t.after(() => httpd.stop())
    const { body } = await get(httpd.port, '/metrics')
    const lint = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' })
    assert.deepEqual([lint.status, lint.stdout, lint.stderr], [0, '', ''])

    const prometheus = await startPrometheus(directory(t), httpd.port)
    t.after(() => prometheus.stop())
    let load: { value: [number, string] }[] = []
    await until('a scrape', async () => {
      load = await prometheus.query('knoerred_load1{job="knoerred"}')
      return load.length === 1
    })
    assert.equal(load[0]?.value[1], '0.21')
    const processes = await prometheus.query('knoerred_process{key="process/nginx"}')
    assert.equal(processes[0]?.value[1], '2')
    assert.equal((await prometheus.query('up{job="knoerred"}'))[0]?.value[1], '1')
    // It takes every sample there is: the same names, and no other.
    const count = await prometheus.query('count({job="knoerred",__name__=~"knoerred_.*"})')
    assert.equal(Number(count[0]?.value[1]), samplesOf(body).size)
  },
)
