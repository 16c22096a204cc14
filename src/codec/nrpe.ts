// Packets of NRPE, versions 2, 3 and 4: one query, one response, integers big-endian. All text is
// bytes. Version 2 has 1036 bytes always; 3 and 4 tell the length of their text, and 3 has three
// bytes of padding behind it, which its checksum covers whether or not they were sent.

export type Version = 2 | 3 | 4
export const QUERY = 1
export const RESPONSE = 2

export interface Packet {
  readonly version: Version
  readonly type: number
  /** Exit code of a plugin; without a meaning in a query. */
  readonly result: number
  /** Up to the first NUL. */
  readonly text: string
}

/** What the first bytes of a stream are: a part of a packet, a packet, or nothing that is one. */
export type Decoded =
  | { readonly kind: 'need'; readonly bytes: number }
  | { readonly kind: 'packet'; readonly packet: Packet }
  | { readonly kind: 'error'; readonly reason: string }

/** version, type, checksum, result. */
const HEAD = 10
/** And, from version 3 on, alignment and length of the text. */
const LONG_HEAD = 16
/** A packet of version 2, and the usual length of queries. */
export const SHORT_PACKET = 1_036
const SHORT_TEXT = 1_024
const PADDING_OF_3 = 3
const LONGEST_TEXT = 65_536
/** Bytes of the longest packet that is read; what comes behind is drained. */
export const LONGEST_PACKET: number = LONG_HEAD + LONGEST_TEXT

/** Bytes of text that a response can hold: a NUL follows them in the packet. */
export const roomFor = (version: Version): number =>
  version === 2 ? SHORT_TEXT - 1 : LONGEST_TEXT - 1

const error = (reason: string): Decoded => ({ kind: 'error', reason })
const need = (bytes: number): Decoded => ({ kind: 'need', bytes })

/** Reads a packet off the start of `bytes`; what stands behind it is not looked at. */
export function decodePacket(bytes: Buffer): Decoded {
  if (bytes.length < 2) return need(2)
  const version = bytes.readUInt16BE(0)
  if (version === 2) {
    if (bytes.length < SHORT_PACKET) return need(SHORT_PACKET)
    return checked(2, bytes.subarray(0, SHORT_PACKET), HEAD, HEAD + SHORT_TEXT)
  }
  if (version !== 3 && version !== 4) return error(`packet version ${version}`)
  if (bytes.length < LONG_HEAD) return need(LONG_HEAD)
  const length = bytes.readInt32BE(12)
  if (length < 0 || length > LONGEST_TEXT) return error(`buffer length ${length}`)
  const end = LONG_HEAD + length
  if (bytes.length < end) return need(end)
  return checked(version, bytes.subarray(0, end), LONG_HEAD, end)
}

function checked(version: Version, bytes: Buffer, from: number, to: number): Decoded {
  if (bytes.readUInt32BE(4) !== checksum(version, bytes)) return error('wrong checksum')
  const nul = bytes.indexOf(0, from)
  const text = bytes.toString('latin1', from, nul === -1 || nul > to ? to : nul)
  const packet = { version, type: bytes.readUInt16BE(2), result: bytes.readInt16BE(8), text }
  return { kind: 'packet', packet }
}

/**
 * A packet as bytes. A longer text than `roomFor` is cut off hard: who makes it has fitted it.
 * Version 4 counts the NUL in its length, version 3 does not, as the reference daemons do.
 */
export function encodePacket({ version, type, result, text }: Packet): Buffer {
  const body = Buffer.from(text.slice(0, roomFor(version)), 'latin1')
  const packet = Buffer.alloc(
    version === 2 ? SHORT_PACKET : LONG_HEAD + body.length + (version === 3 ? PADDING_OF_3 : 1),
  )
  packet.writeUInt16BE(version, 0)
  packet.writeUInt16BE(type, 2)
  packet.writeInt16BE(result, 8)
  if (version !== 2) packet.writeInt32BE(body.length + (version === 4 ? 1 : 0), 12)
  body.copy(packet, version === 2 ? HEAD : LONG_HEAD)
  packet.writeUInt32BE(crc32(packet), 4)
  return packet
}

/** The checksum with its own field, and the alignment of versions 3 and 4, taken for 0. */
function checksum(version: Version, bytes: Buffer): number {
  let crc = update(START, bytes, 0, 4)
  crc = update(crc, ZEROS, 0, 4)
  if (version === 2) return finish(update(crc, bytes, 8, bytes.length))
  crc = update(crc, bytes, 8, 10)
  crc = update(crc, ZEROS, 0, 2)
  crc = update(crc, bytes, 12, bytes.length)
  return finish(version === 3 ? update(crc, ZEROS, 0, PADDING_OF_3) : crc)
}

const START = 0xffff_ffff
const ZEROS = Buffer.alloc(4)
const finish = (crc: number): number => (crc ^ START) >>> 0

/** CRC-32 as in zlib: polynomial 0xEDB88320, reflected. Node's own came with 20.15. */
export const crc32 = (bytes: Buffer): number => finish(update(START, bytes, 0, bytes.length))

function update(start: number, bytes: Buffer, from: number, to: number): number {
  let crc = start
  for (let i = from; i < to; i++)
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number)
  return crc
}

const TABLE: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1
  return crc
})
