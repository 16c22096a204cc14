#!/usr/bin/env node
// CommonJS, because loading an ES module starts Node's thread pool: its size must be set before.
// A hung mount costs one thread for as long as it hangs; see docs/reliability.md.
process.env['UV_THREADPOOL_SIZE'] ??= '32'
void import('./nrpe.js').then(({ main }) => main(process.argv.slice(2)))
