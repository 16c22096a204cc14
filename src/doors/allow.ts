import { BlockList, isIP, SocketAddress } from 'node:net'

/** Whether an address, as sockets print it, may ask. */
export type Allow = (address: string) => boolean

/** Addresses whose verdict is kept: more than any site has servers. */
const MOST_KEPT = 1_024

const MAPPED = /^::ffff:(?=\d+\.)/i

/** An address as the list knows it: no zone, and `::ffff:a.b.c.d` as a.b.c.d. */
const plain = (address: string): string => address.replace(/%.*$/, '').replace(MAPPED, '')

/** The list of clients: addresses and CIDR prefixes. Throws a sentence about the first bad one. */
export function allowList(clients: readonly string[]): Allow {
  // One list a family: a BlockList takes an IPv4 address for a part of ::/0.
  const lists = { 4: new BlockList(), 6: new BlockList() }
  for (const client of clients) add(lists, client)
  const verdicts = new Map<string, boolean>()
  return (address) => {
    const known = verdicts.get(address)
    if (known !== undefined) return known
    const asked = plain(address)
    const verdict = isIP(asked) === 6 ? lists[6].check(asked, 'ipv6') : lists[4].check(asked)
    if (verdicts.size >= MOST_KEPT) verdicts.clear()
    verdicts.set(address, verdict)
    return verdict
  }
}

/** An IPv6 address as sockets print it: ::ffff:7f00:1 is ::ffff:127.0.0.1. */
function printed(text: string): string {
  const address = text.replace(/%.*$/, '')
  return isIP(address) === 6 ? new SocketAddress({ address, family: 'ipv6' }).address : text
}

function add(lists: Record<4 | 6, BlockList>, client: string): void {
  const [address = '', prefix, ...rest] = client.split('/')
  const usual = printed(address)
  const mapped = MAPPED.test(usual)
  const asked = plain(usual)
  const family = isIP(asked)
  if (family !== 4 && family !== 6) throw new Error(sentence(client, address))
  const list = lists[family]
  const type = family === 6 ? 'ipv6' : 'ipv4'
  if (prefix === undefined) {
    list.addAddress(asked, type)
    return
  }
  const bits = Number(prefix) - (mapped ? 96 : 0)
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix) || bits < 0 || bits > (family === 6 ? 128 : 32))
    throw new Error(`client "${client}" has no good prefix length`)
  list.addSubnet(asked, bits, type)
}

const sentence = (client: string, address: string): string =>
  /^[\d.]+$/.test(address) || address.includes(':')
    ? `client "${client}" is not an address`
    : `client "${client}" is a name: names can be forged or fail to resolve, so give an address or a CIDR prefix`
