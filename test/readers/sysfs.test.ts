import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sysfsPlace } from '../../src/readers/sysfs.ts'

for (const [path, place] of [
  ['class/hwmon/hwmon0/temp1_input', 'class/hwmon/hwmon0'],
  ['class/hwmon/hwmon0/device/temp1_input', 'class/hwmon/hwmon0'],
  ['class/thermal/thermal_zone0/temp', 'class/thermal/thermal_zone0'],
  ['class/net/eth0/speed', 'class/net/eth0'],
  ['fs/cgroup/system.slice/nginx.service/memory.max', 'fs/cgroup'],
  ['fs/cgroup/memory/lxc/memory.limit_in_bytes', 'fs/cgroup'],
  ['fs/cgroup/memory.max', 'fs/cgroup'],
  ['kernel/x', 'kernel/x'],
] as const)
  test(`sysfsPlace() ${path}`, () => assert.equal(sysfsPlace(path), place))
