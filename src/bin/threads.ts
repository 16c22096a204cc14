// Node's thread pool, where calls may hang.

/** What has calls in the pool. */
interface Pool {
  readonly outstanding: number
  readonly health: { hung(): readonly unknown[] }
}

/** Threads of Node's pool that may hang; the rest serves what does not. */
export function mostHung(): number {
  const threads = Number(process.env['UV_THREADPOOL_SIZE']) || 4
  return Math.max(1, threads - Math.ceil(threads / 4))
}

/** Milliseconds that calls in the pool have to come back before the process ends without them. */
const FAREWELL = 300

/** Ends the process. exit(3) would wait for calls that hang in the pool; the signal does not. */
export function end(system: Pool, code: number): void {
  if (system.outstanding === 0) process.exit(code)
  if (system.health.hung().length > 0) process.kill(process.pid, 'SIGKILL')
  setInterval(() => system.outstanding === 0 && process.exit(code), FAREWELL / 30)
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), FAREWELL)
}
