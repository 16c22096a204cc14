import { harmless, STATES, type State } from '../clients/nagios.ts'
import { worse } from '../clients/remote.ts'
import { type DiskWords, OPTIONS, readDiskWords } from './disk-options.ts'
import { readVolumes, type Size, type Volume } from './disk-sizes.ts'
import type { Least } from './limits.ts'
import type { Named } from './named.ts'

/** A volume that could be read. */
interface Sized extends Volume {
  readonly size: Size
}

/** Percent that is free, rounded down as df(1) rounds what is used up. */
const freeOf = (used: number, whole: number): number =>
  whole === 0 ? 0 : 100 - Math.ceil((used * 100) / whole)

/** Of what an unprivileged user can use. */
const freePart = ({ used, available }: Size): number => freeOf(used, used + available)

const freeInodes = ({ inodes, inodesFree }: Size): number => freeOf(inodes - inodesFree, inodes)

function stateOf({ size, limits, unjudged }: Sized, unit: number): State {
  if (unjudged) return 0
  const below = (limit: Least | undefined): boolean => {
    if (!limit) return false
    return limit.percent ? freePart(size) < limit.value : size.available < limit.value * unit
  }
  const fewer = (limit: Least | undefined): boolean =>
    limit !== undefined && size.inodes > 0 && freeInodes(size) < limit.value
  if (size.unitless && [limits.warning, limits.critical].some((limit) => limit && !limit.percent))
    return 3
  if (below(limits.critical) || fewer(limits.icritical)) return 2
  return below(limits.warning) || fewer(limits.iwarning) ? 1 : 0
}

/** Volumes of one group as one, under the group's name. */
function grouped(volumes: readonly Volume[]): Volume[] {
  const found = new Map<string, Volume>()
  const others: Volume[] = []
  for (const volume of volumes) {
    const { group, size } = volume
    if (group === undefined || typeof size === 'string') {
      others.push(volume)
      continue
    }
    const before = found.get(group)?.size as Size | undefined
    found.set(group, { ...volume, name: group, size: before ? sum(before, size) : size })
  }
  return [...found.values(), ...others]
}

const sum = (a: Size, b: Size): Size => ({
  total: a.total + b.total,
  used: a.used + b.used,
  available: a.available + b.available,
  inodes: a.inodes + b.inodes,
  inodesFree: a.inodesFree + b.inodesFree,
  unitless: a.unitless || b.unitless,
})

/** ` /home 1024MiB (10% inode=97%)`. */
function shown({ name, size }: Sized, [bytes, unit]: DiskWords['unit']): string {
  const space = size.unitless
    ? 'size unknown on FUSE'
    : `${Math.floor(size.available / bytes)}${unit}`
  const inodes = size.inodes > 0 ? `${freeInodes(size)}%` : '-'
  return ` ${harmless(name)} ${space} (${freePart(size)}% inode=${inodes});`
}

const label = (name: string): string => {
  const clean = harmless(name).replaceAll('=', '_')
  return /[\s']/.test(clean) ? `'${clean.replaceAll("'", "''")}'` : clean
}

/** `/=24805113856B;warn;crit;0;total`: thresholds as what may be used. */
function perfdata({ name, size, limits }: Sized, unit: number, unreserved: boolean): string {
  if (size.unitless) return ''
  const total = unreserved ? size.used + size.available : size.total
  const most = (limit: Least | undefined, whole: number, one: number): string =>
    limit
      ? String(
          Math.max(
            0,
            Math.floor(whole - (limit.percent ? (limit.value * whole) / 100 : limit.value * one)),
          ),
        )
      : ''
  return ` ${label(name)}=${size.used}B;${most(limits.warning, total, unit)};${most(limits.critical, total, unit)};0;${total}`
}

function inodeData({ name, size, limits }: Sized): string {
  const most = (limit: Least | undefined): string =>
    limit ? String(Math.floor(size.inodes * (1 - limit.value / 100))) : ''
  const used = size.inodes - size.inodesFree
  return ` '${label(name).replaceAll("'", '')} (inodes)'=${used};${most(limits.iwarning)};${most(limits.icritical)};0;${size.inodes}`
}

export const checkDisk: Named = {
  name: 'check_disk',
  synopsis: '-w N[%] -c N[%] [-W N%] [-K N%] [-p path] [-x device] [-X type] ...',
  options: OPTIONS,
  async run(given, { system }, raw) {
    const words = await readDiskWords(raw)
    const [unit] = words.unit
    const volumes = grouped(await readVolumes(system, given, words))
    const failed = volumes.filter(({ size }) => typeof size === 'string')
    const sized = volumes.filter((volume): volume is Sized => typeof volume.size !== 'string')
    const states = sized.map((volume) => stateOf(volume, unit))
    const state = failed.length > 0 ? 2 : states.reduce<State>(worse, 0)
    const named = sized.filter((_, i) => !given.has('errors-only') || states[i] !== 0)
    const text = named.map((volume) => shown(volume, words.unit)).join('')
    const inodes = given.has('iperfdata') ? sized.map(inodeData).join('') : ''
    const data = sized
      .map((volume) => perfdata(volume, unit, given.has('freespace-ignore-reserved')))
      .join('')
    const lost = failed.map(
      ({ name, size }) => `${harmless(name)} is not accessible: ${harmless(size as string)}; `,
    )
    const said = `${lost.join('')}free space:${text}|${(data + inodes).slice(1)}`
    return { state, text: `DISK ${STATES[state]} - ${said}` }
  },
}
