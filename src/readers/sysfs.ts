/**
 * What one lock or bus stands behind in sysfs(5), given a path below /sys: a device
 * (`class/hwmon/hwmon0`) or the hierarchies of control groups (`fs/cgroup`).
 */
export const sysfsPlace = (path: string): string =>
  /^(?:fs\/[^/]+|(?:[^/]+\/){2}[^/]+)/.exec(path)?.[0] ?? path
