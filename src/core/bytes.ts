// Text inside the program is bytes: strings of one char a byte (latin1), as the kernel and the wire
// give them. Names that are not UTF-8 pass unharmed, and writing a packet costs no conversion.

/** The byte string of a JavaScript string. */
export const fromUnicode = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** The JavaScript string of a byte string; bytes that are not UTF-8 become U+FFFD. */
export const toUnicode = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

/** A byte string without control characters (C0, DEL, and C1 in UTF-8), each replaced by `?`. */
export const printable = (bytes: string): string => bytes.replace(CONTROL, '?')

/** Whether a byte string holds a control character. */
export const hasControl = (bytes: string): boolean => bytes.search(CONTROL) !== -1

/** Whether a byte string is UTF-8. */
export const isUnicode = (bytes: string): boolean => fromUnicode(toUnicode(bytes)) === bytes

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\x00-\x1f\x7f]|\xc2[\x80-\x9f]/g
