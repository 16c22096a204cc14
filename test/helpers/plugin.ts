import { spawn } from 'node:child_process'
import { once } from 'node:events'

const BIN = new URL('../../dist/bin/', import.meta.url).pathname

/** Exit code and output of a plugin: `udp` is check_remote_by_udp. */
export async function plugin(name: string, ...args: string[]): Promise<[number, string]> {
  const child = spawn(process.execPath, [`${BIN}check_remote_by_${name}.cjs`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  const [code] = await once(child, 'close')
  return [code, text]
}
