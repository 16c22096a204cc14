// What each key costs: the check alone, the median of many runs, in microseconds. A key whose object
// this host lacks is measured on a fixture. Rewrites the prices in docs/keys.md.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checks } from '../../src/checks/index.ts'
import { type Ask, answerer } from '../../src/core/answer.ts'
import { type Check, isRecords, isRefusal } from '../../src/core/check.ts'
import { registry } from '../../src/core/registry.ts'
import { newVitals } from '../../src/core/vitals.ts'
import { LinuxSystem, type Trees } from '../../src/readers/system.ts'

const ROUNDS = 500
const TABLE = new URL('../../docs/keys.md', import.meta.url)
/** What stands for the argument of a key that needs one; a key goes before its argument. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  bond: 'bond0',
  cachedvalue: 'backup',
  memcg: 'system.slice/nginx.service',
  multi: 'web',
  NAME: 'init',
  EPOCH: '1800000000',
  IFACE: 'lo',
  'IFACE[/SECONDS]': 'lo',
  PATH: 'etc/passwd',
  'PATH//PATH2': 'etc/passwd//etc/group',
  'RESOURCE[/full]': 'io',
  TEXT: 'init',
}

/** Keys whose optional argument asks for something else, what the table calls it, and its values here and there. */
const NAMED: Readonly<Record<string, readonly [string, string, string]>> = {
  fds: ['NAME', 'node', 'nginx'],
  diskio: ['DEV', 'vda', 'vda'],
  disklatency: ['DEV', 'vda', 'vda'],
}

/** What `multi/web` answers. */
const SETS = new Map([['web', ['load1', 'mem', 'diskusage/', 'pressure/io']]])

interface Host {
  readonly system: LinuxSystem
  readonly ask: Ask
}

async function host(trees: Omit<Trees, 'deadline' | 'mostHung'>): Promise<Host> {
  const system = new LinuxSystem({ ...trees, deadline: 5_000, mostHung: 2 }, newVitals())
  await system.start()
  const tell = (_: string, fault: unknown): never => {
    throw fault
  }
  const ask = answerer(registry(checks), system, tell, SETS)
  return { system, ask }
}

function asked({ key, argument }: Check): string {
  if (!argument?.startsWith('/')) return key
  const given = ARGUMENTS[key] ?? ARGUMENTS[argument.slice(1)]
  if (given === undefined) throw new Error(`No argument for ${key}${argument}`)
  return `${key}/${given}`
}

/** The median price of a key; undefined when the host refuses it. */
async function price({ ask }: Host, key: string): Promise<number | undefined> {
  const first = await ask({ key })
  if (!isRecords(first) && isRefusal(first)) return undefined
  const taken: number[] = []
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now()
    await ask({ key })
    taken.push((performance.now() - start) * 1000)
  }
  return taken.sort((a, b) => a - b)[ROUNDS >> 1]
}

/** The price as the table has it: `f` on a fixture, `-` where neither host has the object. */
async function either(hosts: readonly [Host, Host], here: string, there: string): Promise<string> {
  const [live, fixture] = hosts
  const found = await price(live, here)
  if (found !== undefined) return found.toFixed(1)
  const stood = await price(fixture, there)
  return stood === undefined ? '-' : `${stood.toFixed(1)} f`
}

/** The price of a key; where its argument asks for something else, that of both: `3.1; NAME 900.0`. */
async function priced(hosts: readonly [Host, Host], check: Check): Promise<string> {
  const plain = await either(hosts, asked(check), asked(check))
  const [name, here, there] = NAMED[check.key] ?? []
  if (name === undefined) return plain
  return `${plain}; ${name} ${await either(hosts, `${check.key}/${here}`, `${check.key}/${there}`)}`
}

/** A fixture host, and a service manager in it that answers as systemd 258 does. */
const fixture = mkdtempSync(join(tmpdir(), 'knoerred-bench-'))
cpSync(new URL('../../test/fixtures/linux-6.1', import.meta.url).pathname, fixture, {
  recursive: true,
})
const runtime = { Version: '258', NFailedUnits: 0, SystemState: 'running' }
const manager = createServer((socket) =>
  socket.on('data', () => socket.write(`${JSON.stringify({ parameters: { runtime } })}\0`)),
)
await new Promise<void>((resolve) =>
  manager.listen(join(fixture, 'root/run/systemd/io.systemd.Manager'), resolve),
)
const at = (tree: string): string => join(fixture, tree)
const hosts: readonly [Host, Host] = [
  await host({ proc: '/proc', sys: '/sys', root: '/', cache: '/nagios-cache' }),
  await host({ proc: at('proc'), sys: at('sys'), root: at('root'), cache: at('cache') }),
]
const prices = new Map<string, string>()
for (const check of checks) {
  const found = await priced(hosts, check)
  prices.set(check.key, found)
  process.stdout.write(`${asked(check).padEnd(40)}${found.padStart(12)}\n`)
}
for (const { system } of hosts) system.close()
manager.close()
rmSync(fixture, { recursive: true })

/** The last cell of each row between the markers is the price. */
const text = readFileSync(TABLE, 'utf8')
const [before = '', rows = '', after = ''] = text.split(/(?<=<!-- prices -->\n)|(?=<!-- end -->)/)
const rewritten = rows.replace(/^(\| `(\w[\w-]*).*\| )[^|]*( \|)$/gm, (row, head, key, end) => {
  const found = prices.get(key)
  return found === undefined ? row : head + found + end
})
writeFileSync(TABLE, before + rewritten + after)
