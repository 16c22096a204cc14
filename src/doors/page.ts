// The page at `/`: every key with its value, for a person and a browser.
import { createHash } from 'node:crypto'
import { encodePath, type HttpResponse } from '../codec/http.ts'
import { fromUnicode, toUnicode } from '../core/bytes.ts'
import { type Check, isRefusal, syntax } from '../core/check.ts'
import type { Sample } from './overview.ts'
import { SCRIPT, STYLE } from './pageassets.ts'

const hash = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing but this page's own style and script runs; values come from where it came from. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hash(STYLE)}`,
  `script-src ${hash(SCRIPT)}`,
  "connect-src 'self'",
  'img-src data:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const ICON =
  'data:image/svg+xml,' +
  '%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E' +
  '%3Crect width=%2216%22 height=%2216%22 rx=%223%22 fill=%22%23176b52%22/%3E' +
  '%3Cpath d=%22M3 9h2.5l1.5-5 2.5 9 1.5-4H13%22 fill=%22none%22 stroke=%22%23fff%22 stroke-width=%221.4%22/%3E' +
  '%3C/svg%3E'

const html = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** The first line of the detail, or the error. */
function noteOf({ outcome }: Sample): string {
  if (isRefusal(outcome))
    return toUnicode(`${outcome.kind}${outcome.reason && ` (${outcome.reason})`}`)
  const { detail = '' } = outcome
  const [first = '', ...more] = toUnicode(typeof detail === 'string' ? detail : detail.head).split(
    '\n',
  )
  return more.length > 0 ? `${first} …` : first
}

function row(sample: Sample): string {
  const { key, check, outcome } = sample
  const refused = isRefusal(outcome)
  const value = refused ? '–' : html(toUnicode(outcome.value))
  const unit = check.unit ? ` <span class="unit">${html(check.unit)}</span>` : ''
  return `<tr data-key="${html(toUnicode(key))}"${refused ? ' class="failed"' : ''}>
<th scope="row">${link(key, key)}</th>
<td class="value"><data>${value}</data>${unit}</td>
<td class="about">${html(toUnicode(check.summary))}<small>${html(noteOf(sample))}</small></td>
</tr>`
}

const link = (key: string, text: string): string =>
  `<a href="${html(encodePath(key))}">${html(toUnicode(text))}</a>`

const argumentRow = (check: Check): string =>
  `<tr><th scope="row">${check.argument?.startsWith('/') ? html(syntax(check)) : link(check.key, syntax(check))}</th><td class="about">${html(check.summary)}</td></tr>`

const table = (rows: readonly string[]): string =>
  `<table><tbody>\n${rows.join('\n')}\n</tbody></table>`

/** The page of a host: its keys with their values, and those that want an argument. */
export function page(
  host: string,
  samples: readonly Sample[],
  checks: Iterable<Check>,
): HttpResponse {
  const shown = new Set(samples.map(({ check }) => check))
  const others = [...checks].filter((check) => !shown.has(check))
  const name = html(toUnicode(host))
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${name} – knoerred</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${ICON}">
<style>${STYLE}</style>
</head>
<body>
<header><h1>${name}</h1><p id="state">Reload the page for new values</p></header>
<main>
<form id="ask" hidden><label for="key">Ask a key</label>
<div><input id="key" name="key" placeholder="diskusage/home" autocomplete="off" autocapitalize="off" spellcheck="false" required>
<button>Ask</button></div><output id="reply" for="key" hidden></output></form>
${table(samples.map(row))}
<h2>Further keys</h2>
${table(others.map(argumentRow))}
</main>
<footer><a href="/health">health</a> <a href="/metrics">metrics</a></footer>
<script>${SCRIPT}</script>
</body>
</html>
`
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    body: fromUnicode(body),
    headers: [
      `Content-Security-Policy: ${POLICY}`,
      'Referrer-Policy: no-referrer',
      'X-Frame-Options: DENY',
      'Vary: Accept',
    ],
  }
}
