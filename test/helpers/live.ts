import assert from 'node:assert/strict'
import { type Daemon, lastLine, pause } from './daemon.ts'

export const askValue = async (daemon: Daemon, key: string): Promise<string> =>
  lastLine(await daemon.ask(`${key}\n`))

/** What both say of a thing that changes: asked again until they meet, as they must soon. */
export async function agree(
  daemon: Daemon,
  key: string,
  other: () => string | number,
  within = 0,
): Promise<void> {
  const seen: string[] = []
  for (let i = 0; i < 50; i++) {
    const [ours, theirs] = [await askValue(daemon, key), other()]
    if (Math.abs(Number(ours) - Number(theirs)) <= within) return
    seen.push(`${ours}/${theirs}`)
    await pause()
  }
  assert.fail(`${key} never agreed: ${seen.join(' ')}`)
}
