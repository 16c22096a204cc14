#!/usr/bin/env node
import { startPlugin } from '../clients/plugin.ts'
import { checkRemoteByUdp, OPTIONS } from '../clients/remote-udp.ts'
import { resolveName } from '../readers/resolve.ts'
import { version } from './version.ts'

startPlugin(
  {
    name: 'check_remote_by_udp',
    synopsis:
      '[-L] [-A0..4] [-W low] [-C low] -w warn -c crit -H host -p port [-t s] [-u unit] key ...',
    options: OPTIONS,
    run: (given) => checkRemoteByUdp(given, resolveName),
  },
  version,
)
