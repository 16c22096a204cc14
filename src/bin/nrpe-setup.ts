import type { Finding, Interpreted } from '../codec/nrpe-config.ts'
import type { NrpeTls } from '../codec/nrpe-directives.ts'
import { fillIn, highestArgument } from '../codec/words.ts'
import { fromUnicode, toUnicode } from '../core/bytes.ts'
import type { HourlyLog } from '../doors/hourly.ts'
import type { Log } from '../doors/log.ts'
import { makeSecure, type Pems, type Secure } from '../doors/nrpe-tls.ts'
import { besides, readText, reasonOf } from '../readers/nrpe-config.ts'
import { builtinProblem } from './nrpe-builtins.ts'
import { loadConfig } from './nrpe-config.ts'
import { entryProblem } from './nrpe-hosts.ts'
import type { NrpeOptions } from './nrpe-options.ts'
import { identityOf } from './nrpe-user.ts'

/** A configuration with what it takes to serve it. */
export interface Setup extends Interpreted {
  readonly secure: Secure | undefined
}

/** Reads the configuration, the files that it names, and what is wrong with them. Rejects with a sentence. */
export async function setUp(
  { config: path, plain }: NrpeOptions,
  logs: { log: Log; hourly: HourlyLog },
): Promise<Setup> {
  const loaded = await loadConfig(path)
  const { config, places } = loaded
  const findings = [...loaded.findings]
  const say = (directive: string, weight: Finding['weight'], text: string): void => {
    findings.push({ where: places.get(directive) ?? path, weight, text: fromUnicode(text) })
  }
  for (const entry of config.allowedHosts ?? []) {
    const problem = entryProblem(entry)
    if (problem !== undefined) say('allowed_hosts', 'wrong', problem)
  }
  if (config.allowedHosts === undefined)
    say('allowed_hosts', 'note', 'allowed_hosts is not set: only this host may ask')
  try {
    identityOf(config)
  } catch (error) {
    const { message } = error as Error
    say(message.includes('nrpe_group') ? 'nrpe_group' : 'nrpe_user', 'wrong', message)
  }
  findings.push(...(await wrongBuiltins(loaded)))
  const enabled = config.tls.enabled && !plain
  const secure = enabled ? await secureOf(config.tls, path, say, logs) : undefined
  return { ...loaded, findings, secure }
}

/** Built-in commands that would answer with nothing but a complaint about their own line. */
async function wrongBuiltins({ commands, places }: Interpreted): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [name, command] of commands) {
    if (command.kind !== 'builtin' || highestArgument(command.words) > 0) continue
    const problem = await builtinProblem(fillIn(command.words, []))
    const [where = '', line] = [places.get(`command[${name}]`), `command[${name}]`]
    if (problem !== undefined)
      findings.push({ where, weight: 'wrong', text: `${line}: ${problem}` })
  }
  return findings
}

type Say = (directive: string, weight: Finding['weight'], text: string) => void

/** TLS, or a fatal finding. */
async function secureOf(
  tls: NrpeTls,
  path: string,
  say: Say,
  logs: { log: Log; hourly: HourlyLog },
): Promise<Secure | undefined> {
  const pem = async (directive: string, file: string | undefined): Promise<string | undefined> => {
    if (file === undefined) return undefined
    try {
      return await readText(besides(path, toUnicode(file)))
    } catch (error) {
      say(directive, 'fatal', `${directive}=${file}: ${reasonOf(error)}`)
      return undefined
    }
  }
  const pems: Pems = {
    ca: await pem('ssl_cacert_file', tls.caFile),
    cert: await pem('ssl_cert_file', tls.certFile),
    key: await pem('ssl_privatekey_file', tls.keyFile),
  }
  const missing = (['ca', 'cert', 'key'] as const).some(
    (kind) => tls[`${kind}File`] !== undefined && pems[kind] === undefined,
  )
  if (missing) return undefined
  try {
    return makeSecure(tls, pems, logs)
  } catch (error) {
    const { message } = error as Error
    const usual = tls.certFile === undefined ? 'ssl_cipher_list' : 'ssl_cert_file'
    const named = /cipher/.test(message) ? 'ssl_cipher_list' : /^ssl_\w+/.exec(message)?.[0]
    say(named ?? usual, 'fatal', message)
    return undefined
  }
}
