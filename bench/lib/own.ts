import { cpuTime, hex, load, median, resident, type Section, startKnoerred } from './tools.ts'

/** A mount point that is not the root, on every Linux. */
const MOUNT = '/dev/shm'
const ROUNDS = 5

const LOAD1 = hex('load1\n')

/** diskusage of a mount alone, and what it does to load1 beside it. */
export async function disks(): Promise<Section> {
  const server = await startKnoerred()
  const where = `udp 127.0.0.1 ${server.port}`
  const alone: number[] = []
  const quiet: number[] = []
  const beside: number[] = []
  try {
    for (let i = 0; i < ROUNDS; i++) {
      const one = { outstanding: 1 }
      alone.push((await load(where, hex(`diskusage${MOUNT}\n`), one)).p50)
      quiet.push((await load(where, LOAD1, one)).p50)
      const [, { p50 }] = await Promise.all([
        load(where, hex(`diskusage${MOUNT}\n`), one),
        load(where, LOAD1, one),
      ])
      beside.push(p50)
    }
  } finally {
    await server.stop()
  }
  const ratio = median(beside.map((value, i) => value / (quiet[i] ?? 0)))
  const lines = [
    '## diskusage of a mount that is not the root',
    '',
    `- Alone, one outstanding: p50 ${median(alone).toFixed(0)} µs.`,
    `- load1 beside it, one outstanding each: p50 ${median(beside).toFixed(0)} µs, ${ratio.toFixed(2)} times that of load1 alone (${median(quiet).toFixed(0)} µs).`,
    '',
  ]
  return {
    lines,
    ratios: {
      'diskusage of a mount against load1': median(
        alone.map((value, i) => value / (quiet[i] ?? 0)),
      ),
    },
  }
}

/** Milliseconds after which V8 has tidied up what the start left. */
const SETTLED = 40_000

/** CPU while nobody asks. */
export async function idle(seconds: number): Promise<Section> {
  const server = await startKnoerred()
  try {
    await new Promise((resolve) => setTimeout(resolve, SETTLED))
    const before = cpuTime(server.pid)
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    const percent = (cpuTime(server.pid) - before) / seconds / 10_000
    const lines = [
      '## When nobody asks',
      '',
      `- ${percent.toFixed(3)} % of a core, over ${seconds} s, ${SETTLED / 1000} s after the start.`,
      '',
    ]
    return { lines, ratios: {} }
  } finally {
    await server.stop()
  }
}

/** Resident memory at start, after a tenth of the requests, and after all. */
export async function memory(requests: number): Promise<Section> {
  const server = await startKnoerred()
  const where = `udp 127.0.0.1 ${server.port}`
  const keys = ['load1\n', 'load1\n', 'load1\n', 'loadmulti/1800000000/bench\n', 'diskusage/\n']
  let done = 0
  const until = async (count: number): Promise<number> => {
    for (let i = 0; done < count; i++) {
      const { replies } = await load(where, hex(keys[i % keys.length] ?? ''), { seconds: 2 })
      done += replies
    }
    return resident(server.pid) / 1024
  }
  try {
    const fresh = resident(server.pid) / 1024
    const early = await until(requests / 10)
    const late = await until(requests)
    const lines = [
      '## Resident memory',
      '',
      `- ${fresh.toFixed(1)} MB at start, ${early.toFixed(1)} MB after ${(requests / 10).toLocaleString('en')} requests, ${late.toFixed(1)} MB after ${done.toLocaleString('en')} (load1, loadmulti, diskusage).`,
      '',
    ]
    return { lines, ratios: { 'resident memory, late against early': late / early } }
  } finally {
    await server.stop()
  }
}
