import { networkInterfaces } from 'node:os'

/** The addresses of all interfaces that run, getifaddrs(3); link-local ones with their zone. */
export function readAddresses(): string[] {
  // Windows knows a zone by its number.
  const byNumber = process.platform === 'win32'
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map((info) =>
      info.family === 'IPv6' && info.address.startsWith('fe80:')
        ? `${info.address}%${byNumber ? info.scopeid : name}`
        : info.address,
    ),
  )
}
