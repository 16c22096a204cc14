// The parts by themselves: the package's main file also loads node:cluster, OpenTelemetry and what
// pushes, which costs 24 ms of a stalled event loop and 8 MB. They cost 2 ms and 0.7 MB.
declare module 'prom-client/lib/registry.js' {
  import { Registry } from 'prom-client'
  export = Registry
}
declare module 'prom-client/lib/gauge.js' {
  import { Gauge } from 'prom-client'
  export = Gauge
}
declare module 'prom-client/lib/counter.js' {
  import { Counter } from 'prom-client'
  export = Counter
}
