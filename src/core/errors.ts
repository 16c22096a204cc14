/** The six kinds of refusal, in their wording on the wire (docs/protocol.md, Errors). */
export type Kind =
  | 'bad request'
  | 'no such key'
  | 'bad argument'
  | 'no such object'
  | 'not permitted'
  | 'cannot answer now'

/** Thrown by checks and readers that know the kind of their refusal. */
export class Refused extends Error {
  readonly kind: Kind
  constructor(kind: Kind, reason: string) {
    super(reason)
    this.kind = kind
  }
}

export const badArgument = (reason: string): Refused => new Refused('bad argument', reason)
export const noSuchObject = (reason: string): Refused => new Refused('no such object', reason)
export const cannotAnswerNow = (reason: string): Refused => new Refused('cannot answer now', reason)

/** A file of the kernel that does not read as its manual page says. The quote is cut to 80 bytes. */
export class ParseError extends Error {
  readonly code = 'EPARSE'
  constructor(file: string, text: string) {
    super(`Cannot parse ${file}: ${JSON.stringify(text.slice(0, 80))}`)
  }
}

const KINDS: Readonly<Record<string, Kind>> = {
  ENOENT: 'no such object',
  ENOTDIR: 'no such object',
  ELOOP: 'no such object',
  ESRCH: 'no such object',
  ENODEV: 'no such object',
  ENXIO: 'no such object',
  // EOPNOTSUPP too: on Linux they are one number, and this is Node's name for it.
  ENOTSUP: 'no such object',
  EACCES: 'not permitted',
  EPERM: 'not permitted',
  ENAMETOOLONG: 'bad argument',
}

/** The code of an errno error or ParseError; undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** The kind of an errno; what is not known is a fault of the moment (EIO, ESTALE, EMFILE, ENOMEM). */
export const kindOf = (code: string): Kind => KINDS[code] ?? 'cannot answer now'
