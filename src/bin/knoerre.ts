#!/usr/bin/env node
import { parseArguments, UsageError } from '../clients/argv.ts'
import { print } from '../clients/print.ts'
import { encodeResponse } from '../codec/http.ts'
import { decodeRequest, encodeReply, fitting } from '../codec/knoerre.ts'
import { encodeRequest } from '../codec/reply.ts'
import { answerRequest } from '../core/answer.ts'
import { fromUnicode, printable } from '../core/bytes.ts'
import { isRecords, isRefusal, type Reply } from '../core/check.ts'
import { readHead } from '../doors/head.ts'
import { checkRequest, refuse, respondKey, unitsOf } from '../doors/keyroute.ts'
import { askOnce, type Once } from './once.ts'
import { KNOERRE, type OnceOptions, readOnce } from './once-options.ts'
import { help } from './program.ts'
import { end } from './threads.ts'
import { version } from './version.ts'

/** Bytes of a request line, and milliseconds to get a request. */
const LINE_LIMIT = 512
const PATIENCE = 10_000

const say = (text: string): void => print(2, Buffer.from(`knoerre: ${printable(text)}\n`))

/** Prints the reply to some keys. Resolves to the exit code. */
async function answerKeys({ ask }: Once, keys: readonly string[], limit: number): Promise<number> {
  const questions = decodeRequest(Buffer.from(encodeRequest(keys.map(fromUnicode)), 'latin1'))
  const reply = fitting(await answerRequest(ask, questions), limit)
  print(1, Buffer.from(encodeReply(questions[0]?.key ?? '', reply, limit), 'latin1'))
  return failed(reply) ? 3 : 0
}

const failed = (reply: Reply): boolean =>
  isRecords(reply)
    ? reply.records.some((record) => 'outcome' in record && isRefusal(record.outcome))
    : isRefusal(reply)

/** Answers the HTTP request on standard input. Resolves to the exit code. */
async function answerStandardInput(once: Once, limit: number): Promise<number> {
  const head = await readHead(process.stdin, LINE_LIMIT, PATIENCE)
  if (!head) {
    say('no request on standard input')
    return 3
  }
  const site = { ask: once.ask, unitOf: unitsOf(once.table), limit }
  const asked = 'status' in head ? head : checkRequest(head)
  const request = 'status' in head ? { method: 'GET', simple: false, json: false } : head
  const response =
    'status' in asked
      ? refuse(asked, request.json)
      : await respondKey(site, request, asked.path === '/' ? '/keys' : asked.path)
  print(1, Buffer.from(encodeResponse(response, request), 'latin1'))
  return 0
}

async function run({ keys, limit, ...options }: OnceOptions): Promise<void> {
  const once = askOnce(options, say)
  const code =
    keys.length > 0 ? await answerKeys(once, keys, limit) : await answerStandardInput(once, limit)
  end(once.system, code)
}

async function main(argv: readonly string[]): Promise<void> {
  const given = parseArguments(KNOERRE.options, argv)
  if (given.has('help')) print(1, Buffer.from(help(KNOERRE)))
  else if (given.has('version')) print(1, Buffer.from(`knoerre ${version()}\n`))
  else await run(readOnce(given))
}

void main(process.argv.slice(2)).catch((error: Error) => {
  const usage = error instanceof UsageError
  say(usage ? `usage: knoerre ${KNOERRE.synopsis}: ${error.message}` : `fatal: ${error.message}`)
  process.exit(usage ? 100 : 111)
})
