// The thread that samples: systeminformation starts processes, waits for some of them without
// turning its event loop, and changes String.prototype; here it does so to itself alone.
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { type Gather, gatherers } from './portable-gather.ts'
import { monotonic, type Name, type News, PERIOD } from './portable-samples.ts'

/** The second sample of the counters follows so soon, and there are rates. Sooner it gets the first. */
const FIRST = 600
/** Milliseconds of rest after a sample that took longer than a period. */
const REST = 500

async function sample(name: Name, gather: Gather): Promise<number> {
  const began = monotonic()
  try {
    const found = await gather[name]()
    const at = monotonic()
    parentPort?.postMessage({ name, sample: found, took: at - began, at } as News)
  } catch (error) {
    parentPort?.postMessage({ name, failed: (error as Error).message } satisfies News)
  }
  return monotonic() - began
}

/** Each kind by itself: a df(1) that hangs on a dead server costs none but the disks. */
async function keepSampling(name: Name, gather: Gather): Promise<never> {
  if (name === 'counters') await sleep(Math.max(0, FIRST - (await sample(name, gather))))
  for (;;) await sleep(Math.max(REST, PERIOD - (await sample(name, gather))))
}

const gather = gatherers(await import('systeminformation'), process.platform, process.pid)
for (const name of Object.keys(gather) as Name[]) void keepSampling(name, gather)
