import { here, knoerred, type Peer, peers } from './peers.ts'
import {
  cpuTime,
  type Load,
  load,
  median,
  resident,
  type Section,
  type Server,
  systemCalls,
} from './tools.ts'

/** What a server did, medians of the rounds. */
export interface Row {
  readonly name: string
  /** Microseconds at 32 outstanding, and at one. */
  readonly p50: number
  readonly alone: number
  /** p50 at 32 outstanding against floor.c's of the same round. */
  readonly ratio: number
  readonly replies: number
  /** Microseconds of CPU and system calls for an answer. */
  readonly cpu: number
  readonly calls: number
  /** KiB. */
  readonly resident: number
  readonly lost: number
}

interface Running {
  readonly peer: Peer
  readonly server: Server & { where: string }
  readonly loads: Load[]
  readonly cpu: number[]
}

const absent: string[] = []

async function startAll(all: readonly Peer[]): Promise<Running[]> {
  const running: Running[] = []
  for (const peer of all)
    if (here(peer)) running.push({ peer, server: await peer.start(), loads: [], cpu: [] })
    else absent.push(peer.name)
  return running
}

async function round({ peer, server, loads, cpu }: Running): Promise<void> {
  const before = cpuTime(server.pid)
  const found = await load(server.where, peer.request, { ending: peer.ending ?? '' })
  cpu.push((cpuTime(server.pid) - before) / found.replies)
  loads.push(found)
}

async function row({ peer, server, loads, cpu }: Running, floor: readonly Load[]): Promise<Row> {
  const { request, ending = '' } = peer
  const alone = await load(server.where, request, { ending, outstanding: 1 })
  const { calls, result } = await systemCalls(server.pid, () =>
    load(server.where, request, { ending }),
  )
  const all = [...calls.values()].reduce((a, b) => a + b, 0)
  return {
    name: peer.name,
    p50: median(loads.map(({ p50 }) => p50)),
    alone: alone.p50,
    ratio: median(loads.map(({ p50 }, i) => p50 / (floor[i]?.p50 ?? Number.NaN))),
    replies: median(loads.map(({ replies, seconds }) => replies / seconds)),
    cpu: median(cpu),
    calls: all / result.replies,
    resident: resident(server.pid),
    lost: loads.reduce((sum, { lost }) => sum + lost, 0),
  }
}

/** load1, asked of all that are installed, in turns. */
export async function comparePeers(
  rounds: number,
  newer: string | undefined,
  all: readonly Peer[] = peers,
): Promise<Section & { rows: Row[] }> {
  const newest = newer === undefined ? [] : [knoerred('knoerred, newer Node', newer)]
  const [floor, own, ...others] = all as [Peer, Peer, ...Peer[]]
  const running = await startAll([floor, own, ...newest, ...others])
  try {
    for (const one of running) await round(one)
    for (const one of running) one.loads.length = one.cpu.length = 0
    for (let i = 0; i < rounds; i++) for (const one of running) await round(one)
    const rows: Row[] = []
    for (const one of running) rows.push(await row(one, running[0]?.loads ?? []))
    return { lines: lines(rows), rows, ratios: ratios(rows) }
  } finally {
    for (const { server } of running) await server.stop()
  }
}

function ratios(rows: readonly Row[]): Record<string, number> {
  const own = rows.find(({ name }) => name === 'knoerred')
  const snmpd = rows.find(({ name }) => name === 'snmpd')
  return {
    'load1 against floor.c': own?.ratio ?? Number.NaN,
    'system calls of a load1 against the least': (own?.calls ?? Number.NaN) / 3,
    ...(own && snmpd ? { 'load1 against snmpd': own.p50 / snmpd.p50 } : {}),
  }
}

const us = (value: number): string =>
  value >= 1000 ? `${(value / 1000).toFixed(1)} ms` : `${value.toFixed(value < 100 ? 1 : 0)} µs`

function lines(rows: readonly Row[]): string[] {
  const own = rows.find(({ name }) => name === 'knoerred')
  const times = ({ p50 }: Row): string => (p50 / (own?.p50 ?? Number.NaN)).toFixed(2)
  return [
    '## The one-minute load, 32 requests outstanding',
    '',
    '| server | p50 | against floor.c | against knoerred | p50 alone | answers a second | CPU an answer | system calls | resident | lost |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map((row) =>
      [
        ...['', row.name, us(row.p50), row.ratio.toFixed(2), times(row), us(row.alone)],
        ...[Math.round(row.replies), us(row.cpu), row.calls.toFixed(2)],
        ...[`${(row.resident / 1024).toFixed(1)} MB`, row.lost, ''],
      ]
        .join(' | ')
        .trim(),
    ),
    '',
    ...(absent.length > 0 ? [`Not installed: ${absent.join(', ')}.`, ''] : []),
  ]
}
