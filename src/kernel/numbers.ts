import type { Knex } from 'knex'
import { today } from './china/clock.ts'
import { insertReturning, isUniqueViolation } from './db/dialect.ts'
import { foldKey } from './db/fold-key.ts'

/** Reserves the next `count` numbers of a kind inside the caller's transaction and answers the first of them. */
export async function reserveNumbers(trx: Knex, kind: string, count = 1): Promise<number> {
  if (!(await trx('numbers').where({ kind }).increment('next', count))) await beginAt(trx, kind, count)
  const { next } = await trx('numbers').where({ kind }).first('next')
  return next - count
}

async function beginAt(trx: Knex, kind: string, count: number) {
  try {
    await trx('numbers').insert({ kind, next: 1 + count })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    await trx('numbers').where({ kind }).increment('next', count)
  }
}

const codesAtOnce = 500

type Wanted = { count: number; pattern: string; given?: string[]; column?: string }

/**
 * Makes `count` codes for new rows of a table by its pattern, none of which a row has (in the recycle bin too) or is in
 * `given`, the codes that people typed for rows of the same transaction, whatever their case and width.
 */
export async function newCodes(
  trx: Knex,
  table: string,
  { count, pattern, given = [], column = 'code' }: Wanted,
): Promise<string[]> {
  if (count === 0) return []
  const first = await reserveNumbers(trx, table, count)
  const day = today()
  const codes = Array.from({ length: count }, (_, index) => numbered(pattern, first + index, day))
  const taken = new Set(given.map(foldKey))
  for (let at = 0; at < count; at += codesAtOnce) {
    const some = codes.slice(at, at + codesAtOnce).map(foldKey)
    for (const key of await trx(table).whereIn(`${column}_key`, some).pluck(`${column}_key`)) taken.add(key)
  }
  const free = codes.filter((code) => !taken.has(foldKey(code)))
  return [...free, ...(await newCodes(trx, table, { count: count - free.length, pattern, given, column }))]
}

/** The codes of new rows of a table: as they are given, and new ones by the pattern where nothing is. */
export async function codesFor(
  trx: Knex,
  table: string,
  given: unknown[],
  pattern: string,
  column = 'code',
): Promise<string[]> {
  const typed = given.flatMap((code) => (code ? [String(code)] : []))
  const made = await newCodes(trx, table, { count: given.length - typed.length, pattern, given: typed, column })
  return given.map((code) => (code ? String(code) : (made.shift() as string)))
}

/** Inserts rows that all have the same columns, the code among them, with its key; answers their ids, in their order. */
export async function insertCoded(trx: Knex, table: string, rows: { code: string }[]): Promise<number[]> {
  const keyed = rows.map((row) => ({ ...row, code_key: foldKey(row.code) }))
  const made = await insertReturning<{ id: number; code_key: string }>(trx, table, keyed, ['id', 'code_key'])
  const ids = new Map(made.map(({ id, code_key }) => [code_key, id]))
  return keyed.map(({ code_key }) => ids.get(code_key) as number)
}

/**
 * Writes a number by a pattern: `{000000}` is the number with at least so many digits, `{yyyy}` `{yy}` `{mm}` `{dd}` the
 * day. `KH{yyyy}{0000}` gives KH20260007. A pattern without a number gets it at its end, so that no two codes are alike.
 */
export function numbered(pattern: string, number: number, day: string): string {
  const parts: Record<string, string> = {
    yyyy: day.slice(0, 4),
    yy: day.slice(2, 4),
    mm: day.slice(5, 7),
    dd: day.slice(8, 10),
  }
  const whole = /\{0+\}/.test(pattern) ? pattern : `${pattern}{0}`
  return whole.replace(
    /\{(0+|yyyy|yy|mm|dd)\}/g,
    (_sign, name: string) => parts[name] ?? String(number).padStart(name.length, '0'),
  )
}

const greatestNumber = 999_999_999

/** Why a pattern is none: it has one number, parts of the day, and no other braces; the greatest number still fits the column. */
export function patternProblem(pattern: string, longest: number): 'form' | 'length' | undefined {
  const rest = pattern.replace(/\{(yyyy|yy|mm|dd)\}/g, '').replace(/\{0+\}/, '')
  if (!/\{0+\}/.test(pattern) || /[{}\s]/.test(rest)) return 'form'
  return numbered(pattern, greatestNumber, today()).length > longest ? 'length' : undefined
}
