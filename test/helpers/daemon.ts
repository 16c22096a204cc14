import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'

export const BIN: string = new URL('../../dist/bin/knoerred.cjs', import.meta.url).pathname

/** The environment of a run as the user who runs the tests: root stays root. */
export const asSelf = (): NodeJS.ProcessEnv => ({
  ...process.env,
  UID: String(process.getuid?.()),
  GID: String(process.getgid?.()),
})

export interface Daemon {
  readonly process: ChildProcess
  readonly pid: number
  readonly port: number
  /** What it logged so far. */
  log(): string
  ask(request: string | Buffer, address?: string): Promise<string>
  /** Sends TERM and resolves to the exit code, or to the signal that ended it. */
  stop(): Promise<number | string>
}

/** Starts a command line that ends in a knoerred, and waits until it is ready. */
export async function startCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = asSelf(),
): Promise<Daemon> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit')
  let log = ''
  const ready = new Promise<number>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text
      const port = /ready: \S+:(\d+)/.exec(log)?.[1]
      if (port) resolve(Number(port))
    })
    void ended.then(() => reject(new Error(`It ended: ${log}`)))
    child.once('error', reject)
  })
  const port = await ready
  return {
    process: child,
    pid: child.pid as number,
    port,
    log: () => log,
    ask: (request, address = '127.0.0.1') => ask(port, request, address),
    stop: async () => {
      child.kill('SIGTERM')
      const [code, signal] = await ended
      return code ?? signal
    },
  }
}

/** Starts the built daemon on a free port of 127.0.0.1. */
export const startDaemon = (
  options: readonly string[] = [],
  nodeOptions: readonly string[] = [],
): Promise<Daemon> =>
  startCommand(process.execPath, [
    ...nodeOptions,
    BIN,
    '--listen',
    '127.0.0.1',
    ...options,
    '0',
    '127.0.0.1',
  ])

/** Asks by one datagram and resolves to the reply as bytes (latin1). Rejects after ten seconds. */
export async function ask(
  port: number,
  request: string | Buffer,
  address = '127.0.0.1',
): Promise<string> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  try {
    socket.connect(port, address)
    await once(socket, 'connect')
    return await exchange(socket, request)
  } finally {
    socket.close()
  }
}

async function exchange(socket: Socket, request: string | Buffer): Promise<string> {
  const timeout = AbortSignal.timeout(10_000)
  const reply = once(socket, 'message', { signal: timeout })
  socket.send(request)
  const [packet] = (await reply) as [Buffer]
  return packet.toString('latin1')
}

/** Asks until the reply satisfies; rejects after `tries` polls. */
export async function askUntil(
  daemon: Pick<Daemon, 'ask'>,
  request: string,
  satisfied: (reply: string) => boolean,
  tries = 500,
): Promise<string> {
  for (let i = 0; i < tries; i++) {
    const reply = await daemon.ask(request)
    if (satisfied(reply)) return reply
    await pause()
  }
  throw new Error(`${request} never satisfied`)
}

/** One turn of a poll. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

/** Polls until a condition holds; rejects after `tries` polls. */
export async function until(
  what: string,
  holds: () => unknown | Promise<unknown>,
  tries = 500,
): Promise<void> {
  for (let i = 0; i < tries; i++) {
    if (await holds()) return
    await pause()
  }
  throw new Error(`Never happened: ${what}`)
}

/** The value of a reply: its last line. */
export const lastLine = (reply: string): string => reply.trimEnd().split('\n').at(-1) ?? ''
