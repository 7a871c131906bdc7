import type { Knex } from 'knex'
import { isUniqueViolation } from './db/dialect.ts'

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

/**
 * Writes a number by a pattern: `{000000}` is the number with at least so many digits, `{yyyy}` `{yy}` `{mm}` `{dd}` the
 * day. `KH{yyyy}{0000}` gives KH20260007.
 */
export function numbered(pattern: string, number: number, day: string): string {
  const parts: Record<string, string> = {
    yyyy: day.slice(0, 4),
    yy: day.slice(2, 4),
    mm: day.slice(5, 7),
    dd: day.slice(8, 10),
  }
  return pattern.replace(
    /\{(0+|yyyy|yy|mm|dd)\}/g,
    (_sign, name: string) => parts[name] ?? String(number).padStart(name.length, '0'),
  )
}
