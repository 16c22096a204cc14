import { type Arguments, type Option, UsageError } from '../clients/argv.ts'
import type { Door, Room } from '../doors/door.ts'
import type { TlsFiles } from '../doors/http.ts'
import type { Asked } from '../doors/overview.ts'
import { readTlsFile } from '../readers/tlsfiles.ts'
import type { DaemonOptions } from './options.ts'
import type { Known } from './serve.ts'
import { version } from './version.ts'

/** Options of every program with an HTTP door. */
export const TLS: readonly Option[] = [
  { name: 'tls-cert', value: 'FILE', summary: 'speak HTTPS with this certificate (PEM)' },
  { name: 'tls-key', value: 'FILE', summary: 'its key (PEM)' },
  {
    name: 'tls-ca',
    value: 'FILE',
    summary: 'let in only who shows a certificate of these authorities (PEM)',
  },
]

/** The TLS files that the command line names. Throws UsageError, and a sentence about a file. */
export function readTls(given: Arguments): TlsFiles | undefined {
  const [cert, key, ca] = TLS.map(({ name }) => given.value(name))
  if (cert === undefined && key === undefined && ca === undefined) return undefined
  if (cert === undefined || key === undefined)
    throw new UsageError('--tls-cert and --tls-key are wanted together')
  return {
    cert: readTlsFile(cert),
    key: readTlsFile(key),
    ...(ca !== undefined && { ca: readTlsFile(ca) }),
  }
}

/** The keys of all sets, each once. */
const scrapedKeys = ({ table, sets }: Known): Asked =>
  [...new Set([...sets.values()].flat())].flatMap((key) => {
    const check = table.get(key.split('/', 1)[0] ?? '')
    return check && !check.several && key !== check.key ? [{ key, check }] : []
  })

/** The HTTP door. It is loaded only where there is one. */
export async function httpDoor(
  options: Pick<DaemonOptions, 'allow' | 'listen' | 'maxReply'>,
  port: number,
  tls: TlsFiles | undefined,
  room: Room,
  known: Known,
): Promise<Door> {
  const [{ HttpDoor }, { respondTo }, { loadMetrics }] = await Promise.all([
    import('../doors/http.ts'),
    import('../doors/routes.ts'),
    import('../doors/metrics.ts'),
  ])
  const respond = respondTo(room, {
    checks: known.table,
    scraped: scrapedKeys(known),
    metrics: await loadMetrics(version(), room.vitals),
    maxReply: options.maxReply,
  })
  return new HttpDoor({ ...options, port, tls }, room, respond)
}
