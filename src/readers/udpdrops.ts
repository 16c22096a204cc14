import { readFileSync } from 'node:fs'

/** Datagrams that the kernel dropped on each local port, from /proc/net/udp, proc(5). */
export function parseUdpDrops(text: string, ports: ReadonlySet<number>): number {
  let drops = 0
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    const port = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16)
    if (ports.has(port)) drops += Number(fields.at(-1))
  }
  return drops
}

/** Drops on sockets of this network namespace that listen on these ports. Throws errno errors. */
export const readUdpDrops = (ports: ReadonlySet<number>): number =>
  ['udp', 'udp6'].reduce(
    (sum, file) => sum + parseUdpDrops(readFileSync(`/proc/self/net/${file}`, 'latin1'), ports),
    0,
  )
