// check_remote_by_http: asks a knoerre, a knoerrehd or the HTTP door of a knoerred.
import type { ConnectionOptions } from 'node:tls'
import { type Arguments, type Option, UsageError } from './argv.ts'
import { httpExchange } from './http-exchange.ts'
import type { Resolve, Verdict } from './question.ts'
import { OPTIONS as COMMON, checkRemote } from './remote.ts'

/** Options of check_remote_by_http. */
export const OPTIONS: readonly Option[] = [
  ...COMMON.slice(0, -2).map((option) =>
    option.name === 'port' ? { ...option, summary: 'TCP port' } : option,
  ),
  { letter: 'D', name: 'defer-accept', summary: 'accepted, and without effect' },
  { letter: 'S', name: 'tls', summary: 'ask by HTTPS' },
  {
    name: 'tls-ca',
    value: 'FILE',
    summary: 'authorities that the server must be known to (those of Node)',
  },
  { name: 'tls-cert', value: 'FILE', summary: 'certificate to show to the server (PEM)' },
  { name: 'tls-key', value: 'FILE', summary: 'its key (PEM)' },
  ...COMMON.slice(-2),
]

/** The bytes of a file. Throws a sentence. */
export type ReadFile = (path: string) => Buffer

function readTls(given: Arguments, read: ReadFile): ConnectionOptions | undefined {
  const [ca, cert, key] = ['tls-ca', 'tls-cert', 'tls-key'].map((name) => given.value(name))
  if (!given.has('tls')) {
    if (ca ?? cert ?? key) throw new UsageError('--tls-ca, --tls-cert and --tls-key want -S')
    return undefined
  }
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError('--tls-cert and --tls-key are wanted together')
  const files = Object.entries({ ca, cert, key }).filter(([, path]) => path !== undefined)
  return Object.fromEntries(files.map(([name, path]) => [name, read(path as string)]))
}

/** Runs check_remote_by_http with its command line read. Throws UsageError. */
export function checkRemoteByHttp(
  given: Arguments,
  resolve: Resolve,
  read: ReadFile,
): Promise<Verdict> {
  const tls = readTls(given, read)
  return checkRemote(given, resolve, {
    port: 'TCP port',
    scheme: tls && 'https',
    exchange: ({ host }) => httpExchange(host, tls),
  })
}
