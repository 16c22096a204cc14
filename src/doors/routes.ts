import type { HttpResponse } from '../codec/http.ts'
import { encodeJson } from '../codec/json.ts'
import { fromUnicode } from '../core/bytes.ts'
import { isRecords, isRefusal } from '../core/check.ts'
import type { Registry } from '../core/registry.ts'
import type { Room } from './door.ts'
import type { Respond } from './http.ts'
import {
  checkRequest,
  JSON_TYPE,
  type KeySite,
  refuse,
  respondKey,
  USUAL_REPLY,
  unitsOf,
} from './keyroute.ts'
import type { Metrics } from './metrics.ts'
import { type Asked, overview, plainKeys, type Sample, shared } from './overview.ts'
import { page } from './page.ts'

/** What the HTTP door tells of. */
export interface Routes {
  readonly checks: Registry
  /** Further keys for /metrics. */
  readonly scraped: Asked
  readonly metrics: Metrics
  /** Bytes of the longest reply; undefined: as over UDP. */
  readonly maxReply: number | undefined
}

/** `/`, `/metrics`, and `/KEY`. */
export function respondTo({ ask }: Pick<Room, 'ask'>, routes: Routes): Respond {
  const { checks, metrics, scraped } = routes
  const plain = plainKeys(checks.values())
  const site: KeySite = { ask, unitOf: unitsOf(checks), limit: routes.maxReply ?? USUAL_REPLY }
  const values = (): Promise<readonly Sample[]> => overview(ask, plain)
  const front = shared(async () => page(await hostName(ask), await values(), checks.values()))
  const list = shared(async () => listing(site, await values()))
  const scrape = shared(async () => ({
    status: 200,
    type: metrics.type,
    body: fromUnicode(await metrics.text(await overview(ask, [...plain, ...scraped]))),
  }))
  return async (request) => {
    const found = checkRequest(request)
    if ('status' in found) return refuse(found, request.json)
    const { browsed } = request
    if (browsed !== undefined && !isOwnName(browsed, await hostName(ask)))
      return refuse(MISDIRECTED, request.json)
    if (found.path === '/metrics') return scrape()
    if (found.path !== '/') return respondKey(site, request, found.path)
    return request.json ? list() : front()
  }
}

function listing({ unitOf, limit }: KeySite, samples: readonly Sample[]): HttpResponse {
  const keys = samples.map(({ key, outcome }) => encodeJson(key, outcome, unitOf, limit))
  const body = `{"keys":[\n${keys.join(',\n')}\n]}\n`
  return { status: 200, type: JSON_TYPE, body: fromUnicode(body), headers: ['Vary: Accept'] }
}

const MISDIRECTED = {
  status: 421,
  reason: 'a browser asks by an address, or by a name that begins as that of the host',
}

const first = (name: string): string => name.toLowerCase().split('.', 1)[0] ?? ''

/**
 * Whether a browser may call the host so. A page from elsewhere whose name was made to point here
 * (DNS rebinding) would else read, from within an administrator's browser, what he may.
 */
const isOwnName = (called: string, host: string): boolean =>
  called.startsWith('[') ||
  /^\d+(\.\d+){3}$/.test(called) ||
  /^(.+\.)?localhost$/i.test(called) ||
  first(called) === first(host)

/** The host's name is what `hostname` says to a name that it does not have. */
async function hostName(ask: Room['ask']): Promise<string> {
  const reply = await ask({ key: 'hostname/ ' })
  if (isRecords(reply) || isRefusal(reply)) return 'this host'
  return typeof reply.detail === 'string' ? reply.detail : 'this host'
}
