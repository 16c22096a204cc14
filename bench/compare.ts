// `npm run bench`: everything that is installed, in one run on one machine, as ratios.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { comparePeers } from './lib/load1.ts'
import { compareLoadmulti } from './lib/loadmulti.ts'
import { newerNode } from './lib/newer.ts'
import { compareNrpe } from './lib/nrpe.ts'
import { disks, idle, memory } from './lib/own.ts'
import { plot } from './lib/plot.ts'
import { comparePlugins } from './lib/plugins.ts'
import { compareProcesses } from './lib/processes.ts'
import { BENCH, build, ROOT, type Section } from './lib/tools.ts'

const RESULTS = `${BENCH}results.md`

build()
const newer = newerNode()

async function part<T extends Section>(name: string, work: () => Promise<T>): Promise<T> {
  process.stderr.write(`${name}\n`)
  return await work()
}

const table = await part('load1', () => comparePeers(9, newer))
const sections = [
  table,
  await part('loadmulti', () => compareLoadmulti(9)),
  await part('diskusage', disks),
  await part('processes', () => compareProcesses(10_000)),
  await part('idle', () => idle(30)),
  await part('memory', () => memory(10_000_000)),
  await part('nrpe', compareNrpe),
  await part('plugins', () => comparePlugins(100, newer)),
]

const nodes = [process.execPath, ...(newer === undefined ? [] : [newer])].map((node) =>
  spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim(),
)
const text = [
  '# Results',
  '',
  `Node ${nodes.join(' and ')}; Linux ${release()}; ${cpus().length} × ${cpus()[0]?.model.trim()}; ` +
    `${new Date().toISOString().slice(0, 10)}. Written by \`npm run bench\`; ` +
    '[README.md](README.md) says how it is measured.',
  '',
  ...sections.flatMap(({ lines }) => lines),
].join('\n')
// What people wrote below stays.
const [, remarks = ''] = existsSync(RESULTS)
  ? readFileSync(RESULTS, 'utf8').split('\n## Remarks\n')
  : []
writeFileSync(RESULTS, `${text}\n## Remarks\n${remarks}`)
const ratios = Object.assign({}, ...sections.map(({ ratios }) => ratios))
writeFileSync(`${BENCH}ratios.json`, `${JSON.stringify(ratios, null, 2)}\n`)
plot(table.rows, `${ROOT}docs/speed`)
process.stdout.write(text)
