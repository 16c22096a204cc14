import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { Row } from './load1.ts'

const WIDTH = 860
const LEFT = 230
const RIGHT = 120
const BAR = 24
const GAP = 12
const TOP = 64

/** Writes FILE.svg, and FILE.png where rsvg-convert is installed: p50 at 32 outstanding, logarithmic. */
export function plot(rows: readonly Row[], file: string): void {
  writeFileSync(`${file}.svg`, svg(rows))
  spawnSync('rsvg-convert', ['--zoom', '2', '--output', `${file}.png`, `${file}.svg`])
}

function svg(rows: readonly Row[]): string {
  const sorted = [...rows].sort((a, b) => a.p50 - b.p50)
  const low = 10 ** Math.floor(Math.log10(sorted[0]?.p50 ?? 1))
  const high = 10 ** Math.ceil(Math.log10(sorted.at(-1)?.p50 ?? 10))
  const scale = (WIDTH - LEFT - RIGHT) / Math.log10(high / low)
  const x = (value: number): number => LEFT + Math.log10(value / low) * scale
  const bottom = TOP + sorted.length * (BAR + GAP)
  const decades: string[] = []
  for (let tick = low; tick <= high; tick *= 10)
    decades.push(
      `<line x1="${x(tick)}" x2="${x(tick)}" y1="${TOP - 8}" y2="${bottom}" stroke="#ddd"/>`,
      `<text x="${x(tick)}" y="${bottom + 18}" text-anchor="middle" fill="#555">${label(tick)}</text>`,
    )
  const bars = sorted.map(({ name, p50 }, i) => {
    const y = TOP + i * (BAR + GAP)
    const colour = name.startsWith('knoerred') ? '#0b7a75' : name === 'floor.c' ? '#999' : '#c9a227'
    return [
      `<text x="${LEFT - 10}" y="${y + 17}" text-anchor="end" fill="#222">${name}</text>`,
      `<rect x="${LEFT}" y="${y}" width="${(x(p50) - LEFT).toFixed(1)}" height="${BAR}" fill="${colour}"/>`,
      `<text x="${(x(p50) + 6).toFixed(1)}" y="${y + 17}" fill="#222">${label(p50)}</text>`,
    ].join('\n')
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${bottom + 32}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="13">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    '<text x="16" y="26" font-size="16" fill="#222">Time to an answer with the one-minute load</text>',
    '<text x="16" y="46" fill="#555">median, 32 requests outstanding, one CPU for the server; shorter is better, the scale is logarithmic</text>',
    ...decades,
    ...bars,
    '</svg>',
    '',
  ].join('\n')
}

const label = (microseconds: number): string =>
  microseconds >= 1000
    ? `${(microseconds / 1000).toLocaleString('en', { maximumFractionDigits: 1 })} ms`
    : `${Math.round(microseconds)} µs`
