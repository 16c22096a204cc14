// The page in a headless Chromium, by the protocol of its developer tools.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { checks } from '../../src/checks/index.ts'
import { until } from '../helpers/daemon.ts'
import { get, startHttpd } from '../helpers/http.ts'
import { directory, fixtureHost, needs } from '../helpers/tools.ts'

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Record<string, unknown>
  readonly result?: Record<string, unknown>
}

/** A Chromium with one page; `send` asks its tools, `events` are what they told. */
async function startBrowser(t: TestContext) {
  const child = spawn(
    'chromium',
    [
      ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
      ...['--no-first-run', '--remote-debugging-pipe', `--user-data-dir=${directory(t)}/profile`],
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  const ended = once(child, 'exit')
  const [, , , writing, reading] = child.stdio as unknown as [0, 0, 0, Writable, Readable]
  const waiting = new Map<number, (result: Record<string, unknown>) => void>()
  const events: Message[] = []
  let text = ''
  reading.setEncoding('utf8').on('data', (chunk) => {
    const parts = (text + chunk).split('\0')
    text = parts.pop() ?? ''
    for (const part of parts) {
      const message: Message = JSON.parse(part)
      if (message.id === undefined) events.push(message)
      else waiting.get(message.id)?.(message.result ?? {})
    }
  })
  let last = 0
  const sendTo = (
    sessionId: unknown,
    method: string,
    params: object = {},
  ): Promise<Record<string, unknown>> => {
    const id = ++last
    writing.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    return new Promise((resolve) => waiting.set(id, resolve))
  }
  t.after(async () => {
    void sendTo(undefined, 'Browser.close')
    await ended
  })
  const { targetId } = await sendTo(undefined, 'Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await sendTo(undefined, 'Target.attachToTarget', {
    targetId,
    flatten: true,
  })
  const send = (method: string, params?: object): Promise<Record<string, unknown>> =>
    sendTo(sessionId, method, params)
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`)
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result } = await send('Runtime.evaluate', { expression, returnByValue: true })
    return (result as { value: unknown }).value
  }
  return { send, evaluate, events }
}

test(
  'the page: values that refresh, links, a key asked, no complaint of the browser',
  needs('chromium'),
  async (t) => {
    const { path, options } = fixtureHost(t, 'linux-6.1')
    const httpd = await startHttpd(options)
    t.after(() => httpd.stop())
    const { send, evaluate, events } = await startBrowser(t)
    const page = `http://127.0.0.1:${httpd.port}/`
    await send('Page.navigate', { url: page })
    await until('it is loaded', () => evaluate('document.readyState === "complete"'))
    assert.equal(await evaluate('document.title'), 'gway.example.com – knoerred')

    const value = (key: string): Promise<unknown> =>
      evaluate(`document.querySelector('[data-key=${key}] data').textContent`)
    assert.equal(await value('load1'), '0.21')
    writeFileSync(join(path, 'proc/loadavg'), '7.00 0.37 0.39 1/719 19737\n', { flag: 'r+' })
    await until('load1 is refreshed', async () => (await value('load1')) === '7.00')

    await evaluate(`(() => {
      const form = document.getElementById('ask')
      form.key.value = 'diskusage/no#such?place%'
      form.requestSubmit()
    })()`)
    const reply = (): Promise<unknown> => evaluate("document.getElementById('reply').textContent")
    await until('the reply is there', async () => (await reply()) !== '')
    assert.match(String(await reply()), /^error: no such object: diskusage\/no#such\?place%/)

    const links = await evaluate('[...document.links].map((link) => link.getAttribute("href"))')
    for (const link of links as string[]) {
      const { status, body } = await get(httpd.port, link)
      assert.ok(status !== 400 && !body.startsWith('error: no such key'), `${link} ${body}`)
    }
    await widths(send, evaluate)
    complaints(events, page)
  },
)

/** Nothing is wider than the window, on a phone as on a desk, light and dark. */
async function widths(
  send: (method: string, params?: object) => Promise<Record<string, unknown>>,
  evaluate: (expression: string) => Promise<unknown>,
): Promise<void> {
  const shots = process.env['SCREENSHOTS']
  const colours = new Set<unknown>()
  for (const width of [360, 1200])
    for (const scheme of ['light', 'dark']) {
      const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: width < 500 }
      await send('Emulation.setDeviceMetricsOverride', metrics)
      const features = [{ name: 'prefers-color-scheme', value: scheme }]
      await send('Emulation.setEmulatedMedia', { features })
      assert.ok(await evaluate(`document.documentElement.scrollWidth <= ${width}`), `${width}`)
      colours.add(await evaluate('getComputedStyle(document.body).backgroundColor'))
      if (shots === undefined) continue
      const { data } = await send('Page.captureScreenshot', { captureBeyondViewport: true })
      writeFileSync(join(shots, `${width}-${scheme}.png`), Buffer.from(String(data), 'base64'))
    }
  assert.equal(colours.size, 2)
}

/** The console is silent, and nothing was asked of anybody else. */
function complaints(events: readonly Message[], page: string): void {
  const of = (method: string): Message[] => events.filter((event) => event.method === method)
  const words = [
    ...of('Log.entryAdded'),
    ...of('Runtime.exceptionThrown'),
    ...of('Runtime.consoleAPICalled'),
  ].map(({ params }) => JSON.stringify(params))
  // The key asked above is a 404, which the browser notes.
  assert.deepEqual(
    words.filter((word) => !word.includes('/diskusage/no%23such%3Fplace%25')),
    [],
  )
  const asked = of('Network.requestWillBeSent').map(({ params }) =>
    String((params?.['request'] as { url?: string } | undefined)?.url),
  )
  assert.ok(asked.length > 2)
  for (const url of asked) assert.ok(url.startsWith(page) || url.startsWith('data:'), url)
}

test('the page says the same without its script', async (t) => {
  const { options } = fixtureHost(t, 'linux-6.1')
  const httpd = await startHttpd(options)
  t.after(() => httpd.stop())
  const { status, headers, body } = await get(httpd.port, '/')
  assert.equal(status, 200)
  assert.equal(headers['content-type'], 'text/html; charset=utf-8')
  assert.match(
    String(headers['content-security-policy']),
    /default-src 'none'; .*script-src 'sha256-/,
  )
  assert.match(body, /<a href="\/load1">load1<\/a>.*\n.*<data>0\.21<\/data>/)
  assert.ok(!/(src|href)="(https?:)?\/\//.test(body))
  for (const { key } of checks) assert.ok(new RegExp(`>${key}[</[]`).test(body), key)
})
