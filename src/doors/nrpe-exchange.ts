import type { Socket } from 'node:net'
import {
  decodePacket,
  encodePacket,
  LONGEST_PACKET,
  type Packet,
  QUERY,
  RESPONSE,
  roomFor,
} from '../codec/nrpe.ts'
import { HELLO, parseQuery } from '../codec/nrpe-query.ts'
import { fitOutput } from '../codec/output.ts'
import { printable } from '../core/bytes.ts'
import type { CommandResult } from '../core/command.ts'
import type { Room } from './door.ts'
import type { NrpeRules } from './nrpe.ts'

/** One connection: waits for a query, answers it, and closes. */
export class Exchange {
  readonly #socket: Socket
  readonly #rules: NrpeRules
  readonly #room: Room
  readonly #address: string
  readonly #chunks: Buffer[] = []
  #length = 0
  /** Bytes without which there is nothing to decode. */
  #need = 2
  #timer: NodeJS.Timeout
  #asked = false

  constructor(socket: Socket, rules: NrpeRules, room: Room) {
    this.#socket = socket
    this.#rules = rules
    this.#room = room
    this.#address = socket.remoteAddress ?? ''
    this.#timer = setTimeout(() => this.#late(), rules.patience)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => clearTimeout(this.#timer))
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.once('end', () => this.#ended())
  }

  /** The daemon is ending: who has not asked yet asks another time. */
  leave(): void {
    if (!this.#asked) this.#socket.destroy()
  }

  /** What came while the event loop was busy is read first: a host in trouble answers late. */
  #late(): void {
    setImmediate(() => {
      if (!this.#asked && !this.#socket.destroyed)
        this.#refuse(`no query within ${this.#rules.patience / 1000} seconds`)
    })
  }

  #ended(): void {
    if (!this.#asked && this.#length > 0) this.#refuse('the query ended early')
    else if (!this.#asked) this.#socket.destroy()
  }

  /** What stands behind a query is read and thrown away: unread, it would reset the connection. */
  #receive(chunk: Buffer): void {
    if (this.#asked) return
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length < this.#need) return
    const decoded = decodePacket(Buffer.concat(this.#chunks).subarray(0, LONGEST_PACKET))
    if (decoded.kind === 'need') this.#need = decoded.bytes
    else if (decoded.kind === 'error') this.#refuse(decoded.reason)
    else if (decoded.packet.type !== QUERY) this.#refuse(`packet type ${decoded.packet.type}`)
    else this.#ask(decoded.packet)
  }

  #ask(packet: Packet): void {
    const query = parseQuery(packet.text, this.#rules)
    if ('refused' in query) {
      this.#refuse(query.refused)
      return
    }
    this.#asked = true
    this.#chunks.length = 0
    this.#room.vitals.requests++
    clearTimeout(this.#timer)
    if (query.name === HELLO) {
      this.#answer(packet, { code: 0, output: this.#rules.version })
      return
    }
    const result = this.#rules.run(query.name, query.args)
    if (result instanceof Promise) void result.then((late) => this.#answer(packet, late))
    else this.#answer(packet, result)
  }

  #answer({ version, text: query }: Packet, { code, output, lost }: CommandResult): void {
    if (this.#rules.debug)
      this.#room.log(`${this.#address} asked ${printable(query)}: ${code} ${printable(output)}`)
    if (this.#socket.destroyed) return
    if (code === 3) this.#room.vitals.errors++
    const text = fitOutput(output, roomFor(version), lost)
    this.#close(encodePacket({ version, type: RESPONSE, result: code, text }))
  }

  /** Closes without an answer, and says why: once an hour for each source and reason. */
  #refuse(reason: string): void {
    const line = `refused a query of ${this.#address}: ${reason}`
    this.#room.vitals.errors++
    this.#room.hourly(line, line)
    this.#asked = true
    this.#chunks.length = 0
    clearTimeout(this.#timer)
    this.#close()
  }

  /** Ends our side, and all of it when the client does not end its own in time. */
  #close(last?: Buffer): void {
    if (last) this.#socket.end(last)
    else this.#socket.end()
    this.#timer = setTimeout(() => this.#socket.destroy(), this.#rules.farewell)
  }
}
