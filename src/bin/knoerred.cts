#!/usr/bin/env node
// Bundled as CommonJS: loading an ES module costs 6 MB, and starts Node's thread pool, whose size must be
// set before.
// A hung mount costs one thread for as long as it hangs; see docs/reliability.md.
process.env['UV_THREADPOOL_SIZE'] ??= '32'
void import('./daemon.js').then(({ main }) => main(process.argv.slice(2)))
