#!/usr/bin/env node
import { startPlugin } from '../clients/plugin.ts'
import { checkRemoteByUdpMulti, OPTIONS } from '../clients/remote-udp-multi.ts'
import { resolveName } from '../readers/resolve.ts'
import { version } from './version.ts'

startPlugin(
  {
    name: 'check_remote_by_udp_multi',
    synopsis:
      '-I ip -H shorthost -p port [-O] [-D] [-L] [-t s] [-u unit] -w W -c C [-s service] -k key ... keymulti',
    options: OPTIONS,
    run: (_, argv) => checkRemoteByUdpMulti(argv, resolveName),
  },
  version,
)
