import type { Knex } from 'knex'
import { text } from '../texts/index.ts'
import type { ReadRow } from './row.ts'

/** SQL Server compares codes without case. */
const codeKey = ({ values }: ReadRow) => (typeof values.code === 'string' ? values.code.toLowerCase() : undefined)

const refuse = (row: ReadRow, message: string) =>
  row.reasons.push(text.imports.reason(text.customers.fields.code, String(row.values.code), message))

/** Refuses rows whose code is used already, also by a customer in the recycle bin. */
export async function refuseTakenCodes(db: Knex, rows: ReadRow[]) {
  const coded = rows.filter(codeKey)
  if (coded.length === 0) return
  const codes = coded.map(({ values }) => values.code as string)
  const found: string[] = await db('customers').whereIn('code', codes).pluck('code')
  const taken = new Set(found.map((code) => code.toLowerCase()))
  for (const row of coded) if (taken.has(codeKey(row) as string)) refuse(row, text.customers.codeTaken)
}

/** Refuses rows whose code an earlier row of the same file has; `seen` is kept from batch to batch. */
export function refuseRepeatedCodes(rows: ReadRow[], seen: Map<string, number>) {
  for (const row of rows) {
    const key = codeKey(row)
    if (!key) continue
    const earlier = seen.get(key)
    if (earlier === undefined) seen.set(copied(key), row.number)
    else refuse(row, text.imports.codeTwice(earlier))
  }
}

/** A text cut out of a sheet can keep the whole chunk it was read from in memory. */
const copied = (key: string) => Buffer.from(key).toString()
