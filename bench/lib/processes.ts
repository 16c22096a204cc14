import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  built,
  cpuTime,
  hex,
  line,
  load,
  owned,
  type Section,
  startFloor,
  startKnoerred,
} from './tools.ts'

const REQUEST = hex('process/sshd\n')

/** process/NAME with many processes: against a scan in C, ten askers, and load1 beside it. */
export async function compareProcesses(count: number): Promise<Section> {
  const crowd = owned(
    spawn(built('crowd'), [String(count)], { stdio: ['ignore', 'pipe', 'inherit'] }),
  )
  await line(crowd, /there/)
  const own = await startKnoerred()
  const floor = await startFloor(['process', 'sshd'])
  const where = `udp 127.0.0.1 ${own.port}`
  const scans = { outstanding: 1, seconds: 4 }
  try {
    await load(where, REQUEST, scans)
    const least = await load(`udp 127.0.0.1 ${floor.port}`, REQUEST, scans)
    const one = await measured(own.pid, () => load(where, REQUEST, scans))
    const ten = await measured(own.pid, () => load(where, REQUEST, { ...scans, outstanding: 10 }))
    const quiet = await load(where, hex('load1\n'), scans)
    const [, beside] = await Promise.all([
      load(where, REQUEST, scans),
      load(where, hex('load1\n'), scans),
    ])
    const ms = (value: number): string => `${(value / 1000).toFixed(1)} ms`
    const ratio = one.load.p50 / least.p50
    const lines = [
      `## process/NAME with ${count.toLocaleString('en')} processes`,
      '',
      `- One asker: p50 ${ms(one.load.p50)}, ${ratio.toFixed(2)} times a scan in C (${ms(least.p50)}).`,
      `- Ten askers: p50 ${ms(ten.load.p50)}, CPU a scan ${(((ten.cpu / ten.load.replies) * 10) / (one.cpu / one.load.replies)).toFixed(2)} times that of one asker.`,
      `- load1 beside one asker: p99 ${ms(beside.p99)}, p99.9 ${ms(beside.p999)} (alone ${ms(quiet.p99)} and ${ms(quiet.p999)}).`,
      '',
    ]
    return { lines, ratios: { 'process/NAME against a scan in C': ratio } }
  } finally {
    await own.stop()
    await floor.stop()
    crowd.kill('SIGKILL')
    await once(crowd, 'exit')
  }
}

async function measured<T>(pid: number, work: () => Promise<T>): Promise<{ load: T; cpu: number }> {
  const before = cpuTime(pid)
  const found = await work()
  return { load: found, cpu: cpuTime(pid) - before }
}
