// The parts by themselves: the package's main file also loads node:cluster, OpenTelemetry and what
// pushes, which costs 24 ms of a stalled event loop and 8 MB. They cost 2 ms and 0.7 MB.
declare module 'prom-client/lib/registry.js' {
  export { Registry as default } from 'prom-client'
}
declare module 'prom-client/lib/gauge.js' {
  export { Gauge as default } from 'prom-client'
}
declare module 'prom-client/lib/counter.js' {
  export { Counter as default } from 'prom-client'
}
