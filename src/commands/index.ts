// The commands that are answered here under the names of plugins of monitoring-plugins.
import type { Named } from './named.ts'

export const named: readonly Named[] = []
