import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ParseError } from '../../src/core/errors.ts'
import { fixture } from './tools.ts'

/** Text of a fixture's file, as bytes. */
export const text = (path: string): string => readFileSync(fixture(path), 'latin1')

export type Row = [name: string, text: string, expected: unknown]

/** One test a row: what a parser makes of good texts, and that it refuses bad ones. */
export function table(
  name: string,
  parse: (text: string) => unknown,
  rows: Row[],
  bad: string[][] = [],
): void {
  for (const [row, input, expected] of rows)
    test(`${name}() ${row}`, () => assert.deepEqual(parse(input), expected))
  for (const [row, input] of bad)
    test(`${name}() refuses ${row}`, () => assert.throws(() => parse(input as string), ParseError))
}
