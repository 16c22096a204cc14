// Style and script of the page, part of it: nothing is fetched from elsewhere.

export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2421; --soft: #5d6964; --line: #dfe5e2; --back: #fbfcfb;
  --link: #14614a; --bad: #a3261d; --field: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e4eae7; --soft: #93a19b; --line: #2a322f;
  --back: #141917; --link: #6ccaa8; --bad: #f08d84; --field: #1b2220 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 54rem; padding: 1.5rem 1.25rem 3rem; color: var(--ink);
  background: var(--back); font: 1rem/1.45 system-ui, sans-serif }
header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between;
  gap: 0 1rem; margin-bottom: 1.25rem }
h1 { margin: 0; font-size: 1.6rem; letter-spacing: -.01em; overflow-wrap: anywhere }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.1rem }
header p, footer, small, .unit { color: var(--soft) }
header p { margin: 0; font-size: .875rem }
a { color: var(--link); text-underline-offset: .15em }
table { width: 100%; border-collapse: collapse }
tr { border-top: 1px solid var(--line) }
tr:last-child { border-bottom: 1px solid var(--line) }
th, td { padding: .5rem .75rem .5rem 0; text-align: left; vertical-align: baseline; font-weight: normal }
th { font-family: ui-monospace, monospace; font-size: .9375rem; overflow-wrap: anywhere }
td:last-child { padding-right: 0 }
.value { padding-right: 1.75rem; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
data { font-size: 1.125rem; font-weight: 600 }
.about { width: 60%; overflow-wrap: anywhere; font-size: .9375rem }
small { display: block; font-size: .8125rem }
small:empty { display: none }
.failed data, .failed .unit { color: var(--soft) }
.failed small { color: var(--bad) }
form { margin-bottom: 1.5rem }
form div { display: flex; gap: .5rem; margin-top: .25rem }
label { font-size: .875rem; color: var(--soft) }
input, button { padding: .45rem .75rem; border: 1px solid var(--line); border-radius: .375rem;
  color: inherit; background: var(--field); font: inherit }
input { flex: 1; min-width: 0; font-family: ui-monospace, monospace }
button { cursor: pointer; color: var(--link) }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 1px }
output:not([hidden]) { display: block; margin-top: .5rem; padding: .625rem .75rem; border: 1px solid var(--line);
  border-radius: .375rem; font: .875rem/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
footer { margin-top: 1.5rem; font-size: .875rem }
footer a { margin-right: 1rem }
@media (max-width: 36rem) {
  body { padding: 1rem 1rem 2rem }
  tr { display: grid; grid-template-columns: 1fr auto; align-items: baseline; padding: .5rem 0 }
  th, td, .value { padding: 0 }
  .about { grid-column: 1 / -1; width: auto; color: var(--soft); font-size: .875rem }
}
`

export const SCRIPT = `
const state = document.getElementById('state')
const form = document.getElementById('ask')
const reply = document.getElementById('reply')
const now = () => { state.textContent = 'As of ' + new Date().toLocaleTimeString() }
const refresh = async () => {
  if (document.hidden) return
  try {
    const text = await (await fetch('/')).text()
    const fresh = new DOMParser().parseFromString(text, 'text/html')
    for (const row of document.querySelectorAll('[data-key]')) {
      const next = fresh.querySelector('[data-key="' + CSS.escape(row.dataset.key) + '"]')
      if (next && next.outerHTML !== row.outerHTML) row.replaceWith(next)
    }
    now()
  } catch {
    state.textContent = state.textContent.replace(/^As of/, 'No answer since')
  }
}
form.hidden = false
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const path = '/' + form.key.value.trim().replace(/[%?#\\\\]/g, encodeURIComponent)
  try {
    reply.textContent = await (await fetch(path, { headers: { accept: 'text/plain' } })).text()
  } catch {
    reply.textContent = 'No answer'
  }
  reply.hidden = false
})
now()
setInterval(refresh, 5000)
document.addEventListener('visibilitychange', refresh)
`
