#!/usr/bin/env node
import { startPlugin } from '../clients/plugin.ts'
import { checkRemoteByUdpTime, OPTIONS } from '../clients/remote-udp-time.ts'
import { resolveName } from '../readers/resolve.ts'
import { version } from './version.ts'

startPlugin(
  {
    name: 'check_remote_by_udp_time',
    synopsis: '-w warn -c crit -H host -p port [-t s] [-u unit]',
    options: OPTIONS,
    run: (given) => checkRemoteByUdpTime(given, resolveName),
  },
  version,
)
