// What each key costs: the check alone, the median of many runs, in microseconds.
import { checks } from '../../src/checks/index.ts'
import { answerer } from '../../src/core/answer.ts'
import { registry } from '../../src/core/registry.ts'
import { newVitals } from '../../src/core/vitals.ts'
import { LinuxSystem } from '../../src/readers/system.ts'

const ROUNDS = 500
/** What stands for the argument of a key that needs one. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  NAME: 'init',
  EPOCH: '1800000000',
  'IFACE[/SECONDS]': 'lo',
  PATH: 'etc/passwd',
  'PATH//PATH2': 'etc/passwd//etc/group',
  TEXT: 'init',
}

const trees = { proc: '/proc', sys: '/sys', root: '/', cache: '/nagios-cache' }
const system = new LinuxSystem({ ...trees, deadline: 5_000, mostHung: 2 }, newVitals())
await system.start()
const ask = answerer(registry(checks), system, (_, fault) => {
  throw fault
})

for (const { key, argument } of checks) {
  const wanted = argument?.startsWith('/') ? `/${ARGUMENTS[argument.slice(1)]}` : ''
  const taken: number[] = []
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now()
    await ask({ key: key + wanted })
    taken.push((performance.now() - start) * 1000)
  }
  const median = taken.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0
  process.stdout.write(`${(key + wanted).padEnd(40)}${median.toFixed(1).padStart(10)}\n`)
}
system.close()
