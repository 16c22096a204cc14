#!/usr/bin/env node
// As knoerred.cts: the size of the thread pool must be set before an ES module is loaded.
process.env['UV_THREADPOOL_SIZE'] ??= '32'
void import('./httpd.js').then(({ main }) => main(process.argv.slice(2)))
