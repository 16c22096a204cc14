// What a plugin printed, made to fit: text `|` performance data, lines of long text, and from a bar
// in one of them on performance data again (plugin API of Nagios).
import { textBefore } from './cut.ts'

interface Output {
  readonly head: string
  readonly headData: string
  /** With the line feed before it. */
  readonly long: string
  readonly longData: string
}

/** Bytes of the first line that stay when performance data alone would fill the room. */
const LEAST_HEAD = 128
/** Bytes that the mark of a cut takes at most. */
const MARK = '[1000000000 bytes cut]'.length

const mark = (bytes: number): string => `[${bytes} bytes cut]`

/**
 * A plugin's output in at most `limit` bytes; `lost` bytes behind it were not kept. The long text
 * gives way first, then the first line, and performance data only then, by whole items. The mark
 * `[N bytes cut]` tells where.
 */
export function fitOutput(text: string, limit: number, lost = 0): string {
  if (text.length <= limit && lost === 0) return text
  const { head, headData, long, longData } = parts(text)
  // Bars of long text stand behind a line feed, or they would spoil the data of the first line.
  const data = headData + (longData && `\n${longData}`)
  const kept = head.slice(0, textBefore(head, Math.min(head.length, LEAST_HEAD, limit >> 2)))
  const room = limit - data.length - MARK
  if (long !== '' && room > head.length) {
    const end = Math.max(1, textBefore(long, Math.min(long.length, room - head.length)))
    return head + headData + long.slice(0, end) + mark(long.length - end + lost) + longData
  }
  if (room >= kept.length) {
    const end = textBefore(head, Math.min(head.length, room))
    return head.slice(0, end) + mark(text.length - end - data.length + lost) + data
  }
  const items = fitItems(data, limit - kept.length - MARK)
  return kept + mark(text.length - kept.length - items.length + lost) + items
}

function parts(text: string): Output {
  const feed = text.indexOf('\n')
  const first = feed === -1 ? text : text.slice(0, feed)
  const rest = feed === -1 ? '' : text.slice(feed)
  const [head, headData] = atBar(first)
  const [long, longData] = atBar(rest)
  return { head, headData, long, longData }
}

/** The text before the first bar, and the rest with it. */
function atBar(text: string): [string, string] {
  const bar = text.indexOf('|')
  return bar === -1 ? [text, ''] : [text.slice(0, bar), text.slice(bar)]
}

/** As many items of performance data as fit, none of them in part. */
function fitItems(data: string, room: number): string {
  let end = 0
  let quoted = false
  for (let at = 0; at <= Math.min(data.length, room); at++) {
    const sign = data[at]
    if (sign === "'") quoted = !quoted
    if (!quoted && (sign === undefined || sign === ' ' || sign === '\n')) end = at
  }
  return data.slice(0, end)
}
