import { spawnSync } from 'node:child_process'
import { peers } from './peers.ts'
import {
  installed,
  median,
  ROOT,
  type Section,
  type Server,
  startKnoerred,
  timed,
} from './tools.ts'

const PLUGINS = '/usr/lib/nagios/plugins/'

interface Way {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

/** Whole checks of load1, plugin process and all, in turns. */
export async function comparePlugins(rounds: number, newer: string | undefined): Promise<Section> {
  const own = await startKnoerred()
  const servers: Server[] = [own]
  const ways = [...ownWays(own.port, newer), ...(await otherWays(servers))]
  const wall = new Map<string, number[]>()
  const cpu = new Map<string, number[]>()
  try {
    for (let i = 0; i <= rounds; i++)
      for (const way of ways) {
        const found = ran(way)
        if (i === 0) continue
        wall.set(way.name, [...(wall.get(way.name) ?? []), found.wall])
        cpu.set(way.name, [...(cpu.get(way.name) ?? []), found.cpu])
      }
  } finally {
    for (const one of servers) await one.stop()
  }
  const floor = median(wall.get(ways[0]?.name ?? '') ?? [])
  const lines = [
    `## A whole check of load1: the plugin's process, medians of ${rounds}`,
    '',
    '| plugin | wall | against check_remote_by_udp | CPU of the plugin |',
    '|---|---|---|---|',
    ...ways.map(({ name }) => {
      const taken = median(wall.get(name) ?? [])
      const own = cpu.get(name) ?? []
      const mean = own.reduce((a, b) => a + b, 0) / own.length
      return `| ${name} | ${taken.toFixed(1)} ms | ${(taken / floor).toFixed(2)} | ${mean.toFixed(1)} ms |`
    }),
    '',
  ]
  return { lines, ratios: {} }
}

function ownWays(port: number, newer: string | undefined): Way[] {
  const plugin = `${ROOT}dist/bin/check_remote_by_udp.cjs`
  const args = [plugin, '-H', '127.0.0.1', '-p', String(port), '-w', '7', '-c', '30', 'load1']
  const nodes = newer === undefined ? [process.execPath] : [process.execPath, newer]
  const version = (node: string): string =>
    spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
  return nodes.map((node) => ({
    name: `check_remote_by_udp, Node ${version(node)}`,
    command: node,
    args,
  }))
}

async function otherWays(servers: Server[]): Promise<Way[]> {
  const ways: Way[] = []
  for (const peer of peers) {
    const tool = TOOLS[peer.name]
    if (!tool || !installed(`${PLUGINS}${tool.command}`) || !installed(peer.program ?? '')) continue
    const running = await peer.start()
    servers.push(running)
    const port = running.where.split(' ')[2] ?? ''
    ways.push({ name: tool.name, command: `${PLUGINS}${tool.command}`, args: tool.args(port) })
  }
  return ways
}

const LOAD = '.1.3.6.1.4.1.2021.10.1.3.1'

/** The plugins that ask a peer. */
const TOOLS: Readonly<
  Record<string, { name: string; command: string; args: (port: string) => string[] }>
> = {
  snmpd: {
    name: 'check_snmp',
    command: 'check_snmp',
    args: (port) => ['-H', '127.0.0.1', '-p', port, '-P', '2c', '-C', 'public', '-o', LOAD],
  },
  'nrpe, plain': {
    name: 'check_nrpe -n (check_load)',
    command: 'check_nrpe',
    args: (port) => ['-n', '-H', '127.0.0.1', '-p', port, '-c', 'check_load'],
  },
  'nrpe, TLS': {
    name: 'check_nrpe, TLS (check_load)',
    command: 'check_nrpe',
    args: (port) => ['-H', '127.0.0.1', '-p', port, '-c', 'check_load'],
  },
}

/** One run; throws when the plugin could not tell. */
function ran({ name, command, args }: Way): { wall: number; cpu: number } {
  const run = timed(command, args)
  if (run.status === 3) throw new Error(`${name}: ${run.output}`)
  return run
}
