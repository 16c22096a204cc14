/** How many of many a detail names. */
const NAMED = 10

/** The first ten by comma, and how many more there are. */
export function firstOf(names: readonly string[]): string {
  const more = names.length > NAMED ? [`${names.length - NAMED} more`] : []
  return [...names.slice(0, NAMED), ...more].join(', ')
}
