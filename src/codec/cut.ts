// Where a text may be cut: inside neither a number nor a UTF-8 character.

/** The last place up to `at` where a cut hurts neither a number nor a UTF-8 character. */
export function safeBefore(text: string, at: number): number {
  let place = at
  while (place > 0 && !safe(text, place)) place--
  return place
}

/** Bytes of the longest number that is kept whole; what is longer is a dump of something. */
const LONGEST_NUMBER = 64

/** The same for text that may have no such place near: a character stays whole, a dump may not. */
export function textBefore(text: string, at: number): number {
  const place = safeBefore(text, at)
  if (at - place <= LONGEST_NUMBER) return place
  let whole = at
  while (whole > 0 && (text.charCodeAt(whole) & 0xc0) === 0x80) whole--
  return whole
}

/** The first such place from `at` on. */
export function safeAfter(text: string, at: number): number {
  let place = at
  while (place < text.length && !safe(text, place)) place++
  return place
}

const safe = (text: string, place: number): boolean =>
  (text.charCodeAt(place) & 0xc0) !== 0x80 &&
  !(NUMERIC.test(text[place - 1] ?? '') && NUMERIC.test(text[place] ?? ''))

/** What a number is made of: decimal or hexadecimal, signed, with a point or an exponent. */
const NUMERIC = /[0-9A-Fa-fxX.,+-]/
