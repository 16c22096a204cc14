import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checks } from '../../src/checks/index.ts'
import { registry } from '../../src/core/registry.ts'
import { newVitals } from '../../src/core/vitals.ts'
import { loadMetrics } from '../../src/doors/metrics.ts'

const table = registry(checks)

for (const [key, value, sample, help] of [
  ['disklatency', '3.5', 'knoerred_disklatency_seconds 0.0035', /mean seconds a request took/],
  ['cpuI', '29', 'knoerred_cpu_i_ratio 0.29', /ratio of all CPUs not idle/],
  ['uptime', '86400', 'knoerred_uptime_seconds 86400', /seconds since boot/],
] as const)
  test(`${key}: a base unit in the name, the value and the HELP`, async () => {
    const check = table.get(key)
    assert.ok(check)
    const metrics = await loadMetrics('0', newVitals())
    const lines = (await metrics.text([{ key, check, outcome: { value } }])).split('\n')
    assert.ok(lines.includes(sample))
    const [name = ''] = sample.split(' ')
    assert.match(lines.find((line) => line.startsWith(`# HELP ${name} `)) ?? '', help)
  })
