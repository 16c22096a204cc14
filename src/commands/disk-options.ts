// The command line of check_disk: thresholds hold for the paths behind them, until -C.
import { type Option, spellOut, UsageError } from '../clients/argv.ts'
import { type Least, least } from './limits.ts'
import { CRITICAL, USUAL, WARNING } from './named.ts'
import { type Pattern, pattern } from './patterns.ts'

const repeated = (option: Omit<Option, 'repeatable'>): Option => ({ ...option, repeatable: true })

export const OPTIONS: readonly Option[] = [
  repeated({
    ...WARNING,
    value: 'N or N%',
    summary: 'WARNING with fewer units free, or a smaller part',
  }),
  repeated({ ...CRITICAL, value: 'N or N%', summary: 'CRITICAL likewise' }),
  repeated({
    letter: 'W',
    name: 'iwarning',
    value: 'N%',
    summary: 'WARNING with fewer inodes free',
  }),
  repeated({ letter: 'K', name: 'icritical', value: 'N%', summary: 'CRITICAL likewise' }),
  repeated({
    letter: 'p',
    name: 'path',
    value: 'PATH',
    summary: 'only this path, mount point or device',
  }),
  repeated({ name: 'partition', value: 'PATH', summary: 'the same' }),
  repeated({ letter: 'r', name: 'ereg-path', value: 'PATTERN', summary: 'only mounts that match' }),
  repeated({ letter: 'R', name: 'eregi-path', value: 'PATTERN', summary: 'the same in any case' }),
  repeated({ letter: 'A', name: 'all', summary: 'all mounts' }),
  repeated({
    letter: 'i',
    name: 'ignore-ereg-path',
    value: 'PATTERN',
    summary: 'not those that match',
  }),
  repeated({
    letter: 'I',
    name: 'ignore-eregi-path',
    value: 'PATTERN',
    summary: 'the same in any case',
  }),
  repeated({
    letter: 'x',
    name: 'exclude_device',
    value: 'PATH',
    summary: 'not this mount or device',
  }),
  repeated({
    letter: 'X',
    name: 'exclude-type',
    value: 'TYPE',
    summary: 'no file systems of this type',
  }),
  repeated({
    letter: 'N',
    name: 'include-type',
    value: 'TYPE',
    summary: 'only file systems of this type',
  }),
  repeated({
    letter: 'g',
    name: 'group',
    value: 'NAME',
    summary: 'the paths behind it count as one',
  }),
  repeated({ letter: 'C', name: 'clear', summary: 'forget the thresholds and the group' }),
  repeated({ letter: 'u', name: 'units', value: 'UNIT', summary: 'bytes, kB, MB, GB or TB (MB)' }),
  repeated({ letter: 'k', name: 'kilobytes', summary: 'the same as -u kB' }),
  repeated({ letter: 'm', name: 'megabytes', summary: 'the same as -u MB' }),
  { letter: 'l', name: 'local', summary: 'only local file systems' },
  {
    letter: 'L',
    name: 'stat-remote-fs',
    summary: 'judge local ones, and see that remote ones answer',
  },
  { letter: 'E', name: 'exact-match', summary: 'paths of -p are mount points or devices' },
  { letter: 'e', name: 'errors-only', summary: 'name only those that are not OK' },
  {
    letter: 'f',
    name: 'freespace-ignore-reserved',
    summary: 'what is kept for root is no part of the size',
  },
  { letter: 'M', name: 'mountpoint', summary: 'name the device instead of the mount point' },
  { letter: 'P', name: 'iperfdata', summary: 'inodes as performance data' },
  ...USUAL,
]

/** What alarms for one path. */
export interface DiskLimits {
  readonly warning?: Least | undefined
  readonly critical?: Least | undefined
  readonly iwarning?: Least | undefined
  readonly icritical?: Least | undefined
}

/** What one -p, -r, -R or -A chooses, with the thresholds that stood before it. */
export interface Choice {
  readonly path?: string
  readonly matches?: Pattern
  readonly limits: DiskLimits
  readonly group: string | undefined
}

export interface DiskWords {
  readonly choices: readonly Choice[]
  readonly ignored: readonly Pattern[]
  /** The thresholds at the end: for all mounts, when none is chosen. */
  readonly limits: DiskLimits
  /** Bytes of a unit, and its name. */
  readonly unit: readonly [number, string]
}

const UNITS: Readonly<Record<string, readonly [number, string]>> = {
  bytes: [1, 'B'],
  kB: [2 ** 10, 'KiB'],
  MB: [2 ** 20, 'MiB'],
  GB: [2 ** 30, 'GiB'],
  TB: [2 ** 40, 'TiB'],
  KiB: [2 ** 10, 'KiB'],
  MiB: [2 ** 20, 'MiB'],
  GiB: [2 ** 30, 'GiB'],
  TiB: [2 ** 40, 'TiB'],
}

/** Reads the options whose order matters. Throws UsageError. */
export async function readDiskWords(words: readonly string[]): Promise<DiskWords> {
  const choices: Choice[] = []
  const ignored: Pattern[] = []
  let limits: DiskLimits = {}
  let group: string | undefined
  let unit = UNITS['MB'] as readonly [number, string]
  const choose = (name: string, choice: Pick<Choice, 'path' | 'matches'>): void => {
    // Limits hold for what stands behind them: without this, -p / -w 10% would never alarm.
    if (Object.keys(limits).length === 0)
      throw new UsageError(`a threshold is wanted before --${name}`)
    choices.push({ ...choice, limits, group })
  }
  for (const [name, value] of pairs(words)) {
    const anyCase = name.includes('eregi')
    if (LIMITS.has(name)) limits = { ...limits, [name]: least(`--${name}`, value) }
    else if (name === 'path' || name === 'partition') choose(name, { path: value })
    else if (name === 'all') choose(name, { matches: () => true })
    else if (name.startsWith('ereg')) choose(name, { matches: await pattern(value, anyCase) })
    else if (name.startsWith('ignore')) ignored.push(await pattern(value, anyCase))
    else if (name === 'group') group = value
    else if (name === 'clear') [limits, group] = [{}, undefined]
    else if (UNIT_OPTIONS[name]) unit = unitOf(UNIT_OPTIONS[name](value))
  }
  return { choices, ignored, limits, unit }
}

const LIMITS = new Set(['warning', 'critical', 'iwarning', 'icritical'])

const UNIT_OPTIONS: Readonly<Record<string, (value: string) => string>> = {
  units: (value) => value,
  kilobytes: () => 'kB',
  megabytes: () => 'MB',
}

function unitOf(name: string): readonly [number, string] {
  const unit = UNITS[name]
  if (!unit) throw new UsageError(`-u "${name}" is none of bytes, kB, MB, GB, TB`)
  return unit
}

/** Options by name with their values, in their order. */
function* pairs(words: readonly string[]): Generator<[string, string]> {
  const spelt = spellOut(OPTIONS, words)
  for (let i = 0; i < spelt.length; i++) {
    const [name = '', attached] = (spelt[i] as string).replace(/^--/, '').split(/=(.*)/s, 2)
    const valued = OPTIONS.find((option) => option.name === name)?.value !== undefined
    yield [name, valued ? (attached ?? spelt[++i] ?? '') : '']
  }
}
