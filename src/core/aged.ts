import type { Answer, Check, Desk, Excerpt, Records } from './check.ts'
import type { System } from './system.ts'

/** Runs a check; an answer that rests on samples says behind its detail how old they are. */
export function runAged(
  check: Check,
  system: System,
  argument: string,
  desk: Desk,
): Answer | Records | Promise<Answer | Records> {
  const view = system.view?.()
  if (!view) return check.run(system, argument, desk)
  const found = check.run(view.system, argument, desk)
  return found instanceof Promise
    ? found.then((late) => withAge(late, view.age()))
    : withAge(found, view.age())
}

function withAge(found: Answer | Records, milliseconds: number | undefined): Answer | Records {
  if (milliseconds === undefined || 'records' in found) return found
  const age = `(${Math.round(milliseconds / 1000)}s old)`
  return { value: found.value, detail: behindFirstLine(found.detail, age) }
}

/** The first line: it is the one that stands in a record, too. */
function behindFirstLine(detail: string | Excerpt | undefined, age: string): string | Excerpt {
  if (detail === undefined || detail === '') return age
  if (typeof detail !== 'string')
    return { ...detail, head: behindFirstLine(detail.head, age) as string }
  const end = detail.indexOf('\n')
  return end === -1 ? `${detail} ${age}` : `${detail.slice(0, end)} ${age}${detail.slice(end)}`
}
