import { networkInterfaces } from 'node:os'

/** The addresses of all interfaces that run, getifaddrs(3); link-local ones with their zone. */
export function readAddresses(): string[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ address }) => (address.startsWith('fe80:') ? `${address}%${name}` : address)),
  )
}
