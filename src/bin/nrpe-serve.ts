import { isIP } from 'node:net'
import { builtins } from '../commands/builtin.ts'
import { named } from '../commands/index.ts'
import { Runner, type RunnerLimits } from '../commands/runner.ts'
import { runByName } from '../commands/table.ts'
import type { CommandResult } from '../core/command.ts'
import type { System } from '../core/system.ts'
import type { Room, Site } from '../doors/door.ts'
import { type HourlyLog, hourly } from '../doors/hourly.ts'
import type { Log } from '../doors/log.ts'
import { NrpeDoor, type NrpeRules } from '../doors/nrpe.ts'
import { resolveName } from '../readers/resolve.ts'
import { HostList } from './nrpe-hosts.ts'
import { FAREWELL, LIKE, PATIENCE, versionText } from './nrpe-limits.ts'
import type { NrpeOptions } from './nrpe-options.ts'
import { type Setup, setUp } from './nrpe-setup.ts'
import { environmentOf, identityOf } from './nrpe-user.ts'
import { serve } from './serve.ts'
import { version } from './version.ts'

/** Who may ask when the configuration does not say. */
const LOCAL = ['127.0.0.0/8', '::1']

/** Serves NRPE until TERM; HUP reads the configuration again. Rejects with a sentence. */
export async function serveNrpe(options: NrpeOptions, setup: Setup, log: Log): Promise<void> {
  const service = new Service(options, setup, log)
  const site = await service.site()
  await serve(
    options,
    log,
    (room, { system }) => service.doors(site, room, system),
    () => service.hint,
    {
      identity: identityOf(setup.config),
      reload: () => service.reload(),
      end: () => service.end(),
    },
  )
}

/** The configuration in force, and what was made of it. */
class Service {
  readonly #options: NrpeOptions
  readonly #log: Log
  readonly #hourly: HourlyLog
  readonly #hosts: HostList
  readonly #runner: Runner
  #setup: Setup
  #uid: number
  #builtin: (words: readonly string[]) => Promise<CommandResult> = () => Promise.reject()
  #rules: NrpeRules | undefined
  #reloaded: Promise<void> = Promise.resolve()

  constructor(options: NrpeOptions, setup: Setup, log: Log) {
    this.#options = options
    this.#setup = setup
    this.#log = log
    this.#hourly = hourly(log)
    this.#hosts = new HostList(log)
    const root = process.getuid?.() === 0
    this.#uid = (root ? identityOf(setup.config)?.uid : undefined) ?? process.getuid?.() ?? 0
    this.#runner = new Runner(this.#limits(), (name, text) =>
      this.#hourly(`errors ${name}`, `${name} wrote to standard error: ${text}`),
    )
  }

  /** Where to listen, names resolved. Rejects with a sentence. */
  async site(): Promise<Site> {
    const { config } = this.#setup
    await this.#hosts.replace(config.allowedHosts ?? LOCAL)
    return {
      port: this.#options.port ?? config.port,
      allow: this.#hosts.allow,
      listen: config.address === undefined ? [] : await listenOn(config.address),
      family: this.#options.family ?? config.family,
      backlog: config.backlog,
    }
  }

  doors(site: Site, room: Room, system: System): readonly NrpeDoor[] {
    this.#builtin = builtins(named, { system, ask: room.ask }, version)
    return [new NrpeDoor(site, room, () => (this.#rules ??= this.#make()))]
  }

  /** What the line about being ready says beside the places. */
  get hint(): string {
    return `; ${this.#setup.secure?.name ?? 'no TLS: queries and answers can be read and forged'}`
  }

  /** Reads the configuration again, one reading after the other; one that is wrong changes nothing. */
  reload(): void {
    this.#reloaded = this.#reloaded.then(() => this.#reload())
  }

  async #reload(): Promise<void> {
    try {
      const next = await setUp(this.#options, { log: this.#log, hourly: this.#hourly })
      for (const { where, text } of next.findings) this.#log(`${where}: ${text}`)
      if (next.findings.some(({ weight }) => weight === 'fatal'))
        throw new Error('the configuration is wrong')
      for (const name of ['port', 'address', 'family', 'user', 'group'] as const)
        if (next.config[name] !== this.#setup.config[name])
          this.#log(`another ${name} needs a restart`)
      await this.#hosts.replace(next.config.allowedHosts ?? LOCAL)
      this.#setup = next
      this.#runner.limits = this.#limits()
      this.#rules = undefined
      this.#log(`configuration read again: ${next.commands.size} commands${this.hint}`)
    } catch (error) {
      this.#log(`HUP changes nothing: ${(error as Error).message}`)
    }
  }

  end(): void {
    this.#runner.killAll()
  }

  #limits(): RunnerLimits {
    const { commandTimeout, maxCommands, keepEnvironment } = this.#setup.config
    const environment = environmentOf(this.#uid, keepEnvironment, LIKE)
    return { timeout: commandTimeout, most: maxCommands, environment }
  }

  #make(): NrpeRules {
    const { config, commands, secure } = this.#setup
    const offered = new Set(config.argumentsAllowed ? named.map(({ name }) => name) : [])
    const program = (name: string, words: readonly string[]): Promise<CommandResult> =>
      this.#runner.run(name, words)
    return {
      ...config,
      run: runByName(commands, { builtin: this.#builtin, program, offered }),
      version: versionText(),
      patience: Math.min(PATIENCE, config.connectionTimeout * 1_000),
      farewell: Math.min(FAREWELL, config.tls.shutdownTimeout * 1_000),
      secure,
    }
  }
}

/** The addresses of server_address. Rejects with a sentence. */
async function listenOn(address: string): Promise<string[]> {
  // 0.0.0.0 is IPv4 alone.
  if (isIP(address) !== 0) return /^[0:]+$/.test(address) ? [] : [address]
  try {
    return [await resolveName(address, PATIENCE)]
  } catch {
    throw new Error(`unable to resolve server_address ${address}`)
  }
}
