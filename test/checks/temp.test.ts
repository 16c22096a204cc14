// temp of hosts whose sensors tell more than a temperature, or something else.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temp } from '../../src/checks/temp.ts'
import type { System } from '../../src/core/system.ts'

/** The files of one chip; one without text cannot be read. */
function host(files: Readonly<Record<string, string | undefined>>): System {
  const all: Record<string, string | undefined> = { name: 'nct6775\n', ...files }
  const system: Partial<System> = {
    sysfsNames(path) {
      if (path === 'class/hwmon') return ['hwmon0']
      return path === 'class/hwmon/hwmon0' ? Object.keys(all) : []
    },
    async sysfsPatiently(path) {
      const text = all[path.replace('class/hwmon/hwmon0/', '')]
      if (text === undefined) throw Object.assign(new Error(), { code: 'ENOENT' })
      return text
    },
  }
  return system as System
}

const good = { temp1_input: '41000\n', temp1_label: 'CPUTIN\n', temp1_fault: '0\n' }
const rows: [string, Record<string, string | undefined>, string, string][] = [
  [
    'one at fault is not read',
    { ...good, temp2_input: '127500\n', temp2_fault: '1\n' },
    'nct6775 CPUTIN, 1 not read',
    '41',
  ],
  [
    'nor one whose fault file cannot be read',
    { ...good, temp2_input: '127500\n', temp2_fault: undefined },
    'nct6775 CPUTIN, 1 not read',
    '41',
  ],
  [
    'the fault of one is not that of another',
    { ...good, temp2_input: '43000\n', temp3_input: '99000\n', temp3_fault: '1\n' },
    'nct6775, 1 not read',
    '43',
  ],
  [
    'a limit that is no number is left out',
    { ...good, temp1_max: 'N/A\n', temp1_crit: '100000\n' },
    'nct6775 CPUTIN, crit 100',
    '41',
  ],
]
for (const [name, files, detail, value] of rows)
  test(`temp ${name}`, async () =>
    assert.deepEqual(await temp.run(host(files), '', {} as never), { value, detail }))

test('temp of a host whose sensors are all at fault', () =>
  assert.rejects(
    async () => temp.run(host({ temp1_input: '0\n', temp1_fault: '1\n' }), '', {} as never),
    /none of 1 sensors answers/,
  ))
