import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { here, nrpePlain } from './peers.ts'
import { hex, load, median, type Section, startFloor, startKnoerred } from './tools.ts'

const REQUEST = hex('loadmulti/1800000000/bench\n')
/** NRPE checks that one loadmulti stands for. */
const KEYS = 17

function readable(path: string): boolean {
  try {
    return readFileSync(path, 'latin1') !== ''
  } catch {
    return false
  }
}

/** Files that tell all that a loadmulti tells and that is not a rate. */
function files(): string[] {
  const links = readdirSync('/sys/class/net').filter((name) =>
    existsSync(`/sys/class/net/${name}/flags`),
  )
  return [
    '/proc/sys/kernel/hostname',
    '/proc/swaps',
    '/proc/loadavg',
    ...links.flatMap((name) => [`/sys/class/net/${name}/flags`, `/sys/class/net/${name}/carrier`]),
  ].filter(readable)
}

/** loadmulti against a program that reads all its files anew, and one that reads what knoerred reads. */
export async function compareLoadmulti(rounds: number): Promise<Section> {
  const own = await startKnoerred()
  const all = await startFloor(['loadmulti', '330', ...files()])
  const same = await startFloor(['loadmulti', '330', '/proc/loadavg'])
  const servers = [own, all, same]
  const p50 = servers.map((): number[] => [])
  try {
    for (let i = 0; i <= rounds; i++)
      for (const [at, { port }] of servers.entries()) {
        const { p50: found } = await load(`udp 127.0.0.1 ${port}`, REQUEST)
        if (i > 0) p50[at]?.push(found)
      }
    const [mine = [], ...floors] = p50
    const ratios = floors.map((floor) => median(mine.map((value, i) => value / (floor[i] ?? 0))))
    const alone = await load(`udp 127.0.0.1 ${own.port}`, REQUEST, { outstanding: 1 })
    const lines = [
      '## loadmulti',
      '',
      `- 32 outstanding: p50 ${median(mine).toFixed(0)} µs, ${ratios[0]?.toFixed(2)} times floor.c that reads ${files().length} files and statfs anew for each packet.`,
      `- ${ratios[1]?.toFixed(2)} times floor.c that makes the calls knoerred makes: /proc/loadavg and statfs; what changes with the samples is looked at once a second.`,
      `- Alone: p50 ${alone.p50.toFixed(0)} µs${await againstNrpe(alone.p50)}.`,
      '',
    ]
    return { lines, ratios: { 'loadmulti against floor.c': ratios[0] ?? Number.NaN } }
  } finally {
    for (const server of servers) await server.stop()
  }
}

async function againstNrpe(microseconds: number): Promise<string> {
  if (!here(nrpePlain)) return ''
  const nrpe = await nrpePlain.start()
  const { p50 } = await load(nrpe.where, nrpePlain.request, { outstanding: 1, seconds: 3 })
  await nrpe.stop()
  const times = (KEYS * p50) / microseconds
  return `; ${KEYS} exchanges with nrpe, plain, raw, of ${(p50 / 1000).toFixed(1)} ms each take ${times.toFixed(0)} times as long`
}
