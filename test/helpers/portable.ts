import { readFileSync } from 'node:fs'

/** The keys that docs/portable.md says have an answer, by the column of a system. */
export function promised(column: 'macOS' | 'BSDs' | 'Windows'): string[] {
  const page = readFileSync(new URL('../../docs/portable.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| (\S+) \| (.*) \|$/gm)]
  const at = rows[0]?.[2]?.split(' | ').indexOf(column) ?? -1
  return rows.flatMap(([, key = '', cells = '']) =>
    cells.split(' | ')[at] === 'yes' ? [key.replaceAll('`', '')] : [],
  )
}
