// What a user would run instead, each asked for the one-minute load over its own protocol.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import {
  answered,
  freePort,
  hex,
  installed,
  type Server,
  server,
  start,
  startFloor,
  startKnoerred,
} from './tools.ts'

export interface Peer {
  readonly name: string
  /** The program that must be installed. */
  readonly program?: string
  /** The request in hex, and how its answer ends where the server keeps the connection. */
  readonly request: string
  readonly ending?: string
  /** Starts it; resolves once it answers. */
  start(): Promise<Server & { where: string }>
}

/** A file of configuration in a directory of its own. */
export function configuration(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'knoerred-bench-')), 'conf')
  writeFileSync(file, text)
  return file
}

/** A packet of NRPE version 2: 1036 bytes, CRC-32 at offset 4. */
export function nrpePacket(command: string): string {
  const packet = Buffer.alloc(1036)
  packet.writeUInt16BE(2, 0)
  packet.writeUInt16BE(1, 2)
  packet.write(command, 10, 'latin1')
  packet.writeUInt32BE(crc32(packet), 4)
  return packet.toString('hex')
}

/** An SNMPv2c GET of UCD-SNMP-MIB::laLoad.1 for the community `public`. */
const SNMP_GET =
  '302902010104067075626c6963a01c020101020100020100' + '3011300f060b2b060104018f650a0103010500'

function zabbixRequest(key: string): string {
  const length = Buffer.alloc(8)
  length.writeUInt32LE(key.length)
  return hex('ZBXD\x01') + length.toString('hex') + hex(key)
}

async function started(
  mode: string,
  request: string,
  run: (port: number) => ReturnType<typeof start>,
  ending = '',
): Promise<Server & { where: string }> {
  const port = await freePort()
  const running = server(run(port))
  const where = `${mode} 127.0.0.1 ${port}`
  await answered(where, request, ending)
  return { ...running, where }
}

const nrpe = (name: string, mode: string, options: readonly string[]): Peer => ({
  name,
  program: 'nrpe',
  request: nrpePacket('check_load'),
  start() {
    return started(mode, this.request, (port) =>
      start('nrpe', [
        ...options,
        '-f',
        '-c',
        configuration(
          `server_port=${port}\nserver_address=127.0.0.1\nallowed_hosts=127.0.0.1\n` +
            'nrpe_user=nagios\nnrpe_group=nagios\nlog_facility=local7\n' +
            'command[check_load]=/usr/lib/nagios/plugins/check_load -w 7 -c 30\n',
        ),
      ]),
    )
  },
})

const udp = <T extends { port: number }>(running: T): T & { where: string } => ({
  ...running,
  where: `udp 127.0.0.1 ${running.port}`,
})

/** knoerred, on the Node of that path. */
export const knoerred = (name: string, node: string = process.execPath): Peer => ({
  name,
  program: node,
  request: hex('load1\n'),
  start: async () => udp(await startKnoerred(node)),
})

export const floor: Peer = {
  name: 'floor.c',
  request: hex('load1\n'),
  start: async () => udp(await startFloor(['load1'])),
}

const MUNIN = `log_level 0
log_file /dev/null
background 0
setsid 0
user root
group root
allow ^127\\.0\\.0\\.1$
host 127.0.0.1
host_name bench
`

export const nrpePlain: Peer = nrpe('nrpe, plain', 'tcp', ['-n'])

export const peers: readonly Peer[] = [
  floor,
  knoerred('knoerred'),
  {
    name: 'snmpd',
    program: 'snmpd',
    request: SNMP_GET,
    start() {
      return started('udp', this.request, (port) =>
        start('snmpd', [
          ...['-f', '-C', '-Lf', '/dev/null', '-p', `/tmp/knoerred-bench-snmpd-${port}.pid`],
          ...['-c', configuration('rocommunity public 127.0.0.1\n'), `udp:127.0.0.1:${port}`],
        ]),
      )
    },
  },
  {
    name: 'zabbix_agentd',
    program: 'zabbix_agentd',
    request: zabbixRequest('system.cpu.load[all,avg1]'),
    start() {
      return started('tcp', this.request, (port) =>
        start('zabbix_agentd', [
          '-f',
          '-c',
          configuration(
            `Server=127.0.0.1\nListenIP=127.0.0.1\nListenPort=${port}\nLogType=console\n` +
              `DebugLevel=1\nAllowRoot=1\nPidFile=/tmp/knoerred-bench-zabbix-${port}.pid\n`,
          ),
        ]),
      )
    },
  },
  {
    name: 'node_exporter, loadavg only',
    program: 'prometheus-node-exporter',
    request: hex('GET /metrics HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n'),
    start() {
      return started('tcp', this.request, (port) =>
        start('prometheus-node-exporter', [
          ...['--collector.disable-defaults', '--collector.loadavg'],
          ...['--web.disable-exporter-metrics', `--web.listen-address=127.0.0.1:${port}`],
        ]),
      )
    },
  },
  {
    name: 'tcpserver cat /proc/loadavg',
    program: 'tcpserver',
    request: '',
    start() {
      return started('tcp', this.request, (port) =>
        start('tcpserver', [
          ...['-q', '-H', '-R', '-l0', '-c64', '127.0.0.1', String(port)],
          ...['cat', '/proc/loadavg'],
        ]),
      )
    },
  },
  nrpePlain,
  nrpe('nrpe, TLS', 'tls', []),
  {
    name: 'munin-node',
    program: 'munin-node',
    request: hex('fetch load\nquit\n'),
    start() {
      return started('tcp', this.request, (port) =>
        start('munin-node', ['--config', configuration(`${MUNIN}port ${port}\n`)]),
      )
    },
  },
]

/** Whether a peer can be started here. */
export const here = ({ program }: Peer): boolean => program === undefined || installed(program)
