// Loaded before the daemon by --require: a file system with known counts, and a clock that stands.
const fs = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')

const volumes = {
  root: {
    type: 0xef53,
    bsize: 4096,
    blocks: 5_000_000,
    bfree: 1_000_000,
    bavail: 750_000,
    files: 300_000,
    ffree: 47_205,
  },
  home: {
    type: 0xef53,
    bsize: 4096,
    blocks: 900_000_000,
    bfree: 600_000_001,
    bavail: 600_000_000,
    files: 0,
    ffree: 0,
  },
}
const none = { ...volumes.root, blocks: 0, bfree: 0, bavail: 0 }
const countsOf = (path) =>
  /\/(proc|sys)$/.test(path) ? none : String(path).endsWith('/home') ? volumes.home : volumes.root

fs.statfsSync = countsOf
fs.statfs = (path, done) => {
  if (String(path).includes('/none')) done(Object.assign(new Error('ENOENT'), { code: 'ENOENT' }))
  else setImmediate(done, null, countsOf(path))
}
syncBuiltinESMExports()
Date.now = () => 1_800_000_000_000
