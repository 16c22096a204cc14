import { stat } from 'node:fs'

/**
 * Starts the threads of Node's pool, which come with the first call: a limit on the processes of the
 * user that root becomes would refuse them, and end the process.
 */
export const startPool = (): Promise<void> => new Promise((resolve) => stat('/', () => resolve()))
