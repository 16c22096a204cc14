#!/usr/bin/env node
import { startPlugin } from '../clients/plugin.ts'
import { checkRemoteByHttp, OPTIONS } from '../clients/remote-http.ts'
import { resolveName } from '../readers/resolve.ts'
import { readTlsFile } from '../readers/tlsfiles.ts'
import { version } from './version.ts'

startPlugin(
  {
    name: 'check_remote_by_http',
    synopsis:
      '[-L] [-A0..4] [-W low] [-C low] -w warn -c crit -H host -p port [-t s] [-T state] [-u unit] [-D] [-S] key ...',
    options: OPTIONS,
    run: (given) => checkRemoteByHttp(given, resolveName, readTlsFile),
  },
  version,
)
