import { readFileSync } from 'node:fs'

/** The address of a name in hosts(5); undefined when it is not there. */
export function parseHosts(text: string, name: string): string | undefined {
  const asked = name.toLowerCase()
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (names.some((known) => known.toLowerCase() === asked)) return address
  }
  return undefined
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
  const known = parseHosts(read('/etc/hosts'), name)
  if (known !== undefined) return known
  const { Resolver } = (await import('node:dns')).promises
  const resolver = new Resolver({ timeout: Math.ceil(milliseconds / 2), tries: 2 })
  const search = name.includes('.') ? [] : parseSearch(read('/etc/resolv.conf'))
  const names = [...search.map((domain) => `${name}.${domain}`), name]
  const asked = names.flatMap((full) => [resolver.resolve4(full), resolver.resolve6(full)])
  const first = await Promise.any(asked)
  return first[0] as string
}
