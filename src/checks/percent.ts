/** Percent of a whole that is not 0, to the nearest; what exceeds a limit is all of it. */
export const percent = (part: number, whole: number): number =>
  Math.min(100, Math.round((part * 100) / whole))

const MIB = 1_048_576

/** `12MB`: bytes in units of 2^20, to the nearest. */
export const megabytes = (bytes: number): string => `${Math.round(bytes / MIB)}MB`
