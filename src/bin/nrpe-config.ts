import {
  type Finding,
  type Interpreted,
  interpret,
  type Line,
  parseLines,
  placeOf,
} from '../codec/nrpe-config.ts'
import { fromUnicode, toUnicode } from '../core/bytes.ts'
import { besides, configsBelow, readText, reasonOf } from '../readers/nrpe-config.ts'

/** Includes within includes: more are a circle. */
const DEEPEST = 16

/**
 * Reads a configuration with all that it includes. What is wrong in an included file is left out;
 * in the file itself it is fatal, as in the original. Rejects when that file cannot be read.
 */
export async function loadConfig(path: string): Promise<Interpreted> {
  const text = await readText(path).catch((error: unknown) => {
    throw new Error(`unable to read ${path}: ${reasonOf(error)}`)
  })
  const read = parseLines(text, path)
  const findings = [...read.findings]
  const lines = await expand(read.lines, findings, 0)
  const found = interpret(lines)
  const own = ({ where }: Finding): boolean => where.startsWith(`${path}:`)
  const weighed = [...findings, ...found.findings].map(
    (finding): Finding =>
      finding.weight === 'fatal' && !own(finding) ? { ...finding, weight: 'wrong' } : finding,
  )
  return { ...found, findings: weighed }
}

/** The lines with those of included files in the places where they are included. */
async function expand(lines: readonly Line[], findings: Finding[], depth: number): Promise<Line[]> {
  const found: Line[] = []
  for (const line of lines) {
    if (!INCLUDES.has(line.name)) {
      found.push(line)
      continue
    }
    const wrong = (reason: string): void => {
      findings.push({
        where: placeOf(line),
        weight: 'wrong',
        text: `${line.name}=${line.value}: ${reason}`,
      })
    }
    if (depth >= DEEPEST) wrong('it includes itself')
    else found.push(...(await included(line, findings, depth, wrong)))
  }
  return found
}

const INCLUDES = new Set(['include', 'include_file', 'include_dir'])

async function included(
  line: Line,
  findings: Finding[],
  depth: number,
  wrong: (reason: string) => void,
): Promise<Line[]> {
  const found: Line[] = []
  const path = besides(line.file, toUnicode(line.value))
  const directory = line.name === 'include_dir'
  const paths = directory ? await configsBelow(path).catch(failed(wrong)) : [path]
  for (const file of paths) {
    // One file that cannot be read costs none of the others.
    const text = await readText(file).catch((error: unknown) => {
      wrong(directory ? `${fromUnicode(file)}: ${reasonOf(error)}` : reasonOf(error))
    })
    if (text === undefined) continue
    const read = parseLines(text, file)
    findings.push(...read.findings)
    found.push(...(await expand(read.lines, findings, depth + 1)))
  }
  return found
}

const failed =
  (wrong: (reason: string) => void) =>
  (error: unknown): string[] => {
    wrong(reasonOf(error))
    return []
  }
