// Loaded before knoerre by --require: time passes on the fixture host between its two samples.
const { readFileSync, writeFileSync } = require('node:fs')

const stat = process.env.TICK_STAT
const later = global.setTimeout
global.setTimeout = (done, milliseconds, ...rest) => {
  if (milliseconds !== 1000) return later(done, milliseconds, ...rest)
  const add = [250, 0, 60, 600, 50, 0, 40, 0]
  const text = readFileSync(stat, 'latin1')
  const next = text.replace(/^cpu {2}.*$/m, (line) =>
    line.replace(/\d+/g, (ticks) => Number(ticks) + (add.shift() ?? 0)),
  )
  // The file is open already: it is written over, not replaced.
  writeFileSync(stat, next, { encoding: 'latin1', flag: 'r+' })
  return later(done, 10, ...rest)
}
