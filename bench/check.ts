// `npm run bench:check`: fails when a ratio has worsened by half since ratios.json was written.
import { readFileSync } from 'node:fs'
import { comparePeers } from './lib/load1.ts'
import { compareLoadmulti } from './lib/loadmulti.ts'
import { disks } from './lib/own.ts'
import { floor, knoerred } from './lib/peers.ts'
import { compareProcesses } from './lib/processes.ts'
import { BENCH, build } from './lib/tools.ts'

/** A ratio may be so many times the one that was written down. */
const WORSE = 1.5
/** Machines are noisy: what is too slow is measured again, and the best counts. */
const TRIES = 3

const known: Record<string, number> = JSON.parse(readFileSync(`${BENCH}ratios.json`, 'utf8'))
const parts = [
  () => comparePeers(3, undefined, [floor, knoerred('knoerred')]),
  () => compareLoadmulti(3),
  disks,
  () => compareProcesses(1_000),
]

let failed = 0
let passed = 0
build()
for (const measure of parts) {
  let found = (await measure()).ratios
  const worse = (): string[] =>
    Object.keys(found).filter((name) => !((found[name] ?? 0) <= WORSE * (known[name] ?? 0)))
  for (let tries = 1; worse().length > 0 && tries < TRIES; tries++) {
    const { ratios } = await measure()
    const better = ([name, value]: [string, number]): [string, number] => [
      name,
      Math.min(value, ratios[name] ?? value),
    ]
    found = Object.fromEntries(Object.entries(found).map(better))
  }
  const bad = worse()
  for (const [name, value] of Object.entries(found)) {
    const verdict = bad.includes(name) ? 'WORSE' : 'ok'
    const was = known[name]?.toFixed(2) ?? 'unknown'
    process.stdout.write(`${verdict.padEnd(6)}${name}: ${value.toFixed(2)}, was ${was}\n`)
  }
  failed += bad.length
  passed += Object.keys(found).length - bad.length
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : 0
