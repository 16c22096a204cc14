// Whatever the clients of the HTTP door do, the UDP door and other clients of the HTTP door go on.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { type Attack, keepOpen, USES } from '../helpers/attackers.ts'
import { BIN, type Daemon, startCommand, until } from '../helpers/daemon.ts'
import { get, httpPort } from '../helpers/http.ts'
import { fixtureHost, needs } from '../helpers/tools.ts'

const LOAD = '0.21 0.37 0.39 1/719 19737\n0.21\n'

/** A knoerred with both doors for all of 127.0.0.0/8, perhaps below a limit of descriptors. */
async function start(t: TestContext, ...before: string[]): Promise<[Daemon, number]> {
  const { options } = fixtureHost(t, 'linux-6.1')
  const [command = '', ...words] = [...before, process.execPath, BIN]
  const daemon = await startCommand(command, [
    ...[...words, '--listen', '127.0.0.1', ...options, '--http', '0', '0', '127.0.0.0/8'],
  ])
  t.after(() => daemon.stop())
  return [daemon, httpPort(daemon.log())]
}

/** Asks a hundred times by UDP, and ten times by HTTP from an address of its own. */
async function goesOn(daemon: Daemon, port: number): Promise<void> {
  for (let i = 0; i < 100; i++) assert.equal(await daemon.ask('load1\n'), LOAD)
  for (let i = 0; i < 10; i++)
    assert.equal((await get(port, '/load1', { localAddress: '127.0.0.99' })).body, LOAD)
}

/** Descriptors of what is under way: another client, a file that is read. */
const SLACK = 8

const descriptors = (daemon: Daemon): number => readdirSync(`/proc/${daemon.pid}/fd`).length

for (const [name, use] of Object.entries(USES))
  test(`a thousand connections of one source: ${name}`, async (t) => {
    const [daemon, port] = await start(t)
    // Files that keys read stay open from the first time on.
    for (const path of ['/', '/metrics']) await get(port, path)
    const quiet = descriptors(daemon)
    const attack: Attack = keepOpen(port, 1_000, ['127.0.0.2'], use)
    t.after(attack.stop)
    await until('they are all tried', () => attack.tried() >= 1_000)
    await goesOn(daemon, port)
    assert.ok(descriptors(daemon) <= quiet + 64 + SLACK, 'a source has 64 connections')
    attack.stop()
    await until('all is as before', () => descriptors(daemon) <= quiet + SLACK)
    assert.ok(!/fault/.test(daemon.log()), daemon.log())
    // One line an hour for the source, however many connections it tried.
    assert.ok((daemon.log().match(/refused 127\.0\.0\.2/g)?.length ?? 0) <= 1)
  })

test(
  'a thousand idle connections of many sources, with few descriptors to be had',
  needs('prlimit'),
  async (t) => {
    const [daemon, port] = await start(t, 'prlimit', '--nofile=120:120')
    const sources = Array.from({ length: 50 }, (_, i) => `127.0.1.${i + 1}`)
    const attack = keepOpen(port, 1_000, sources, () => undefined)
    t.after(attack.stop)
    await until('no descriptor is left', () => descriptors(daemon) >= 119)
    for (let i = 0; i < 100; i++) assert.equal(await daemon.ask('load1\n'), LOAD)
    assert.match(await daemon.ask('loadmulti\n'), /\nload1\n\n0\.21 .*\n0\.21\n/)
    attack.stop()
    await until('the HTTP door answers again', () =>
      get(port, '/load1').then(
        ({ body }) => body === LOAD,
        () => false,
      ),
    )
  },
)

test('the memory of the daemon does not grow with its requests', async (t) => {
  const [daemon, port] = await start(t)
  const kilobytes = (): number =>
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))?.[1])
  const ask = async (rounds: number): Promise<void> => {
    for (let i = 0; i < rounds; i++)
      await Promise.all(['/load1', '/', '/metrics', '/lod1'].map((path) => get(port, path)))
  }
  await ask(300)
  const before = kilobytes()
  await ask(600)
  assert.ok(kilobytes() < before * 1.3 + 8_192, `${before} ${kilobytes()}`)
})
