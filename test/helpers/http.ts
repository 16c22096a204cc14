import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { createServer } from 'node:net'
import { type Daemon, startCommand } from './daemon.ts'

/** A response; the body is bytes (latin1). */
export interface Response {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** One request by Node's own client. The path is sent as it is. */
export async function get(
  port: number,
  path: string,
  options: RequestOptions = {},
): Promise<Response> {
  const request = httpRequest({ port, host: '127.0.0.1', path, agent: false, ...options }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let body = ''
  response.setEncoding('latin1').on('data', (chunk) => {
    body += chunk
  })
  await once(response, 'end')
  return { status: response.statusCode ?? 0, headers: response.headers, body }
}

/** A request (bytes) as a path, every byte escaped that might mean something else. */
export const pathOf = (request: string): string =>
  `/${request.replace(/[^\w]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)}`

/** The port of the HTTP door, from what a daemon logged. */
export const httpPort = (log: string): number => Number(/https?:\/\/\S+:(\d+)\//.exec(log)?.[1])

const DIST: string = new URL('../../dist/bin/', import.meta.url).pathname

export const KNOERRE: string = `${DIST}knoerre.cjs`
export const HTTPD: string = `${DIST}knoerrehd.cjs`

/** A knoerrehd on a free port of 127.0.0.1; it is asked as knoerred is, by a key and LF. */
export async function startHttpd(
  options: readonly string[] = [],
  nodeOptions: readonly string[] = [],
): Promise<Daemon> {
  const daemon = await startCommand(process.execPath, [
    ...nodeOptions,
    ...[HTTPD, '--listen', '127.0.0.1', ...options, '0', '127.0.0.1'],
  ])
  const port = httpPort(daemon.log())
  const ask = async (request: string | Buffer): Promise<string> =>
    (await get(port, pathOf(request.toString('latin1').replace(/\n$/, '')))).body
  return { ...daemon, port, ask }
}

export interface Run {
  readonly code: number
  /** Bytes (latin1). */
  readonly stdout: string
  readonly stderr: string
}

/** Runs knoerre; `input` is its standard input. */
export async function knoerre(
  args: readonly string[],
  nodeOptions: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  input = '',
): Promise<Run> {
  const child = spawn(process.execPath, [...nodeOptions, KNOERRE, ...args], {
    env: { ...process.env, ...env },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('latin1').on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.on('error', () => undefined).end(Buffer.from(input, 'latin1'))
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

/** A port that was free a moment ago, for programs that do not tell which one they took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
