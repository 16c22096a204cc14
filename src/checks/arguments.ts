import { badArgument } from '../core/errors.ts'
import { LONGEST_WINDOW } from '../readers/history.ts'

/** Seconds of the window when none is asked for. */
const WINDOW = 60

/** `/SECONDS` of a rate: 1 to 300, else 60. */
export function windowOf(text: string): number {
  if (text === '') return WINDOW
  const seconds = Number(text)
  if (!/^\d{1,3}$/.test(text) || seconds < 1 || seconds > LONGEST_WINDOW)
    throw badArgument(`SECONDS is 1 to ${LONGEST_WINDOW}`)
  return seconds
}

/** The absolute path of a PATH argument, its repeated slashes made one. Never climbs. */
export function pathOf(text: string): string {
  if (text === '') return '/'
  const parts = text.split('/').filter((part) => part !== '')
  if (parts.includes('..') || parts.includes('.')) throw badArgument('a path without . and ..')
  return `/${parts.join('/')}`
}

/** A name that stands for itself in a path: no slash, nothing that climbs. */
export function nameOf(text: string, what: string): string {
  if (text === '' || text === '.' || text === '..' || text.includes('/'))
    throw badArgument(`${what} is a plain name`)
  return text
}
