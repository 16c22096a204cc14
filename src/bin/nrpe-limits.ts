import { version } from './version.ts'

/** Milliseconds that a whole query may take to come. */
export const PATIENCE = 5_000
/** Milliseconds that a client may take to close after its answer. */
export const FAREWELL = 5_000
/** The version of NRPE whose wire and configuration this is. */
export const LIKE = '4.1.0'

/** What check_nrpe is told that asks for no command. */
export const versionText = (): string => `NRPE v${LIKE} (knoerred ${version()})`
