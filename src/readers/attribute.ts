import { attempt } from '../core/answer.ts'
import type { Refusal } from '../core/check.ts'
import type { System } from '../core/system.ts'

/** A file below /sys that a driver may have or not, off the event loop; empty where it tells nothing. */
export async function readAttribute(system: System, path: string): Promise<string> {
  const found = await attempt<{ text: string } | Refusal>(async () => ({
    text: (await system.sysfsPatiently(path)).trim(),
  }))
  return 'text' in found ? found.text : ''
}
