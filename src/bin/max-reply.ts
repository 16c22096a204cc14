import type { Arguments, Option } from '../clients/argv.ts'
import { optionalInteger } from './host.ts'

/** The option `--max-reply`; its default in words. */
export const MAX_REPLY = (usual: string): Option => ({
  name: 'max-reply',
  value: 'BYTES',
  summary: `longest reply, 640 to 65507 (${usual})`,
})

/** Bytes; undefined where it was not given. Throws UsageError. */
export const readMaxReply = (given: Arguments): number | undefined =>
  optionalInteger(given, 'max-reply', 640, 65_507)
