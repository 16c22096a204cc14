#!/usr/bin/env node
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArguments, UsageError } from '../clients/argv.ts'
import { print } from '../clients/print.ts'
import { daemontoolsFiles, systemdUnit } from '../conf/service.ts'
import { firstThere, readExample, writeService, writeUnit } from '../conf/write.ts'
import { readUser, type User } from '../readers/passwd.ts'
import { CONF, readWanted, type Wanted } from './conf-options.ts'
import { help } from './program.ts'
import { version } from './version.ts'

const EXAMPLE = new URL('../../examples/systemd/knoerred.service', import.meta.url)

function user(name: string): User {
  const found = readUser(name)
  if (!found) throw new Error(`unable to find user ${name} in /etc/passwd`)
  return found
}

/** The program beside this one: as npm links it, else as it was built. */
function pathOf(program: string): string {
  const self = process.argv[1] ?? ''
  const built = fileURLToPath(new URL(`${program}.cjs`, import.meta.url))
  return firstThere(`${dirname(self)}/${program}`, built)
}

function write({ directory, program, systemd, ...wanted }: Wanted): void {
  // envuidgid(8) and setuidgid(8) take no numbers.
  const account = user(wanted.account).name
  const owner = user(wanted.logAccount)
  const command = [process.execPath, pathOf(program)]
  const service = { ...wanted, account, logAccount: owner.name, command }
  if (systemd) writeUnit(directory, program, systemdUnit(readExample(EXAMPLE), program, service))
  else writeService(directory, daemontoolsFiles(service), owner)
}

try {
  const given = parseArguments(CONF.options, process.argv.slice(2))
  if (given.has('help')) print(1, Buffer.from(help(CONF)))
  else if (given.has('version')) print(1, Buffer.from(`knoerre-conf ${version()}\n`))
  else write(readWanted(given))
} catch (error) {
  const { message } = error as Error
  const usage = error instanceof UsageError
  const said = usage ? `usage: knoerre-conf ${CONF.synopsis}: ${message}` : `fatal: ${message}`
  print(2, Buffer.from(`knoerre-conf: ${said}\n`))
  process.exitCode = usage ? 100 : 111
}
