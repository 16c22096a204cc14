import type { Check } from '../core/check.ts'
import type { Health } from '../core/system.ts'

/** Milliseconds of a stall that is worth a finding. */
const LONG_STALL = 500

/** What an administrator should know, one sentence each. */
function findings(health: Health): string[] {
  const { vitals } = health
  const found = health
    .hung()
    .map(({ name, since }) => `${name} hangs since ${new Date(since).toISOString()}`)
  for (const [address, reason] of vitals.unbound)
    found.push(`not listening on ${address}: ${reason}`)
  const drops = health.drops() ?? 0
  if (drops > 0) found.push(`the kernel dropped ${drops} requests: they came too fast`)
  if (vitals.unsent > 0) found.push(`the kernel refused ${vitals.unsent} replies`)
  const stall = health.stall()
  if (stall >= LONG_STALL) found.push(`no answer for ${stall} ms within the last minute`)
  return [...found, ...health.sandbox()]
}

export const self: Check = {
  key: 'self',
  summary: 'findings about the daemon itself, 0 when it is healthy',
  run({ health }) {
    const { requests, refused, errors } = health.vitals
    const found = findings(health)
    const line = [
      `up=${health.up()}s requests=${requests} refused=${refused} errors=${errors}`,
      `drops=${health.drops() ?? '?'} stall=${health.stall()}ms hung=${health.hung().length}`,
    ].join(' ')
    return { value: String(found.length), detail: [line, ...found].join('\n') }
  },
}
