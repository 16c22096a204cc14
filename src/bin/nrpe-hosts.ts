import { isIP } from 'node:net'
import { type Allow, allowList } from '../doors/allow.ts'
import { resolveAll } from '../readers/resolve.ts'

/** Resolves the names of a list. */
export type ResolveAll = (name: string, milliseconds: number) => Promise<string[]>

/** Milliseconds that resolving a name may take, and between looks at names. */
const PATIENCE = 3_000
const LOOK = 60_000

const NAME = /^(?!-)[A-Za-z0-9_.-]{1,253}$/

/**
 * The list of allowed_hosts: addresses, networks, and names, which are resolved at the start and
 * looked at again each minute. A name that does not resolve keeps the addresses it had.
 */
export class HostList {
  readonly #log: (line: string) => void
  readonly #resolve: ResolveAll
  readonly #known = new Map<string, readonly string[]>()
  #fixed: readonly string[] = []
  #names: readonly string[] = []
  #allow: Allow = () => false
  readonly #timer: NodeJS.Timeout

  constructor(log: (line: string) => void, resolve: ResolveAll = resolveAll) {
    this.#log = log
    this.#resolve = resolve
    this.#timer = setInterval(() => void this.look(), LOOK)
    this.#timer.unref()
  }

  readonly allow: Allow = (address) => this.#allow(address)

  /** Puts another list in the place of the one there is. */
  async replace(entries: readonly string[]): Promise<void> {
    const good = entries.filter((entry) => entryProblem(entry) === undefined)
    this.#fixed = good.filter(isAddress)
    this.#names = good.filter((entry) => !isAddress(entry))
    await this.look()
  }

  /** Resolves the names anew. */
  async look(): Promise<void> {
    await Promise.all(this.#names.map((name) => this.#look(name)))
    const found = this.#names.flatMap((name) => this.#known.get(name) ?? [])
    this.#allow = allowList([...this.#fixed, ...found])
  }

  async #look(name: string): Promise<void> {
    try {
      const found = (await this.#resolve(name, PATIENCE)).filter((one) => isIP(one) !== 0)
      if (found.length === 0) throw new Error('no address')
      this.#known.set(name, found)
    } catch {
      const kept = this.#known.get(name)?.join(' ')
      this.#log(`unable to resolve ${name} of allowed_hosts${kept ? `: it stays ${kept}` : ''}`)
    }
  }
}

const isAddress = (entry: string): boolean => entry.includes('/') || isIP(entry) !== 0

/** What is wrong with an entry of allowed_hosts, if anything is. */
export function entryProblem(entry: string): string | undefined {
  const [address = '', prefix] = entry.split('/')
  if (isIP(address) === 0 && (prefix !== undefined || /^[\d.]+$/.test(entry) || !NAME.test(entry)))
    return `"${entry}" is neither an address nor a name`
  if (prefix === undefined) return undefined
  try {
    allowList([entry])
  } catch {
    return `"${entry}" has no good prefix length`
  }
  return isNetwork(address, Number(prefix))
    ? undefined
    : `"${entry}" is no network: bits behind the prefix are set`
}

/** Whether nothing is set behind the prefix. */
function isNetwork(address: string, prefix: number): boolean {
  const bits = isIP(address) === 6 ? 128 : 32
  return BigInt.asUintN(bits - prefix, numberOf(address)) === 0n
}

function numberOf(address: string): bigint {
  const join = (parts: readonly number[], bits: bigint): bigint =>
    parts.reduce((sum, part) => (sum << bits) | BigInt(part), 0n)
  if (isIP(address) === 4) return join(address.split('.').map(Number), 8n)
  const groups = (text: string): number[] =>
    text.split(':').flatMap((group) => {
      if (!group.includes('.')) return group === '' ? [] : [Number.parseInt(group, 16)]
      const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
      return [a * 256 + b, c * 256 + d]
    })
  const [left = [], right = []] = address.split('::').map(groups)
  const zeros = Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0)
  return join([...left, ...zeros, ...right], 16n)
}
