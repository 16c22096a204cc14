/** What a command said: an exit code of the plugin API, and its output, as bytes. */
export interface CommandResult {
  readonly code: 0 | 1 | 2 | 3
  readonly output: string
  /** Bytes of output that were not kept. */
  readonly lost?: number
}

/** Runs a command by its name with the arguments of a query. Never throws, never rejects. */
export type RunCommand = (
  name: string,
  args: readonly string[],
) => CommandResult | Promise<CommandResult>
