import { fromUnicode, printable } from '../core/bytes.ts'
import type { Check } from '../core/check.ts'
import { readManager } from '../readers/systemd.ts'

export const systemd: Check = {
  key: 'systemd',
  slow: true,
  summary: 'units of systemd that failed, where it tells without D-Bus',
  async run(system) {
    const { failed, state, version } = await readManager(system)
    return { value: String(failed), detail: printable(fromUnicode(`${state}, systemd ${version}`)) }
  },
}
