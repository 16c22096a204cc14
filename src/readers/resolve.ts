import { readFileSync } from 'node:fs'

/** The addresses of a name in hosts(5). */
export function parseHosts(text: string, name: string): string[] {
  const asked = name.toLowerCase()
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    return names.some((known) => known.toLowerCase() === asked) ? [address] : []
  })
}

/** Domains that resolv.conf(5) says to try. */
export function parseSearch(text: string): string[] {
  const line = text.match(/^(?:search|domain)\s+.*$/gm)?.at(-1) ?? ''
  return line.split(/\s+/).slice(1)
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/**
 * An address of a host name: from /etc/hosts, else by DNS on the event loop. getaddrinfo(3) would
 * keep the process from ending while it waits. Rejects with the resolver's error.
 */
export async function resolveName(name: string, milliseconds: number): Promise<string> {
  const [known] = parseHosts(read('/etc/hosts'), name)
  if (known !== undefined) return known
  const first = await Promise.any(await asked(name, milliseconds))
  return first[0] as string
}

/** All addresses of a host name, found in the same places. Rejects when there is none. */
export async function resolveAll(name: string, milliseconds: number): Promise<string[]> {
  // RFC 6761: this name is nobody's to give to another host.
  if (name.toLowerCase() === 'localhost') return ['127.0.0.1', '::1']
  const known = parseHosts(read('/etc/hosts'), name)
  if (known.length > 0) return known
  const settled = await Promise.allSettled(await asked(name, milliseconds))
  const found = settled.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  if (found.length === 0) throw new Error(`no address of ${name}`)
  return found
}

/** A question of each kind for each full name that it may have. */
async function asked(name: string, milliseconds: number): Promise<Promise<string[]>[]> {
  const { Resolver } = (await import('node:dns')).promises
  const resolver = new Resolver({ timeout: Math.ceil(milliseconds / 2), tries: 2 })
  const search = name.includes('.') ? [] : parseSearch(read('/etc/resolv.conf'))
  const names = [...search.map((domain) => `${name}.${domain}`), name]
  return names.flatMap((full) => [resolver.resolve4(full), resolver.resolve6(full)])
}
