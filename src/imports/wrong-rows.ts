import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Knex } from 'knex'
import { readTable } from '../spreadsheets/read-table.ts'
import { writeXlsx } from '../spreadsheets/write-xlsx.ts'
import { text } from '../texts/index.ts'
import type { Import } from './import.ts'

const reasonsAtOnce = 1000

type Wrong = { row_number: number; reason: string }

/** The wrong rows of an import as they came, with the reason in the last column, to be corrected and brought again. */
export function wrongRowsFile(db: Knex, folder: string, one: Import): Readable {
  const { headings, row } = one.columns
  const own = headings.indexOf(text.imports.columns.reason)
  const kept = headings.map((_, index) => index).filter((index) => index !== own)
  const columns = [...kept.map((index) => headings[index] ?? ''), text.imports.columns.reason]
  async function* rows() {
    const reasons = reasonsOf(db, one.id)
    let next = await nextOf(reasons)
    for await (const { number, cells } of readTable(join(folder, one.stored_name ?? ''))) {
      if (number <= row) continue
      while (next && next.row_number < number) next = await nextOf(reasons)
      if (!next) return
      if (next.row_number === number) yield [...kept.map((index) => cells[index] ?? ''), next.reason]
    }
  }
  return writeXlsx(
    columns.map((label) => ({ label, kind: 'text' })),
    rows(),
    text.imports.wrongRows,
  )
}

const nextOf = async (reasons: AsyncGenerator<Wrong>) => (await reasons.next()).value as Wrong | undefined

async function* reasonsOf(db: Knex, import_id: number): AsyncGenerator<Wrong> {
  for (let last = -1; ; ) {
    const some: Wrong[] = await db('import_errors')
      .where({ import_id })
      .where('row_number', '>', last)
      .orderBy('row_number')
      .limit(reasonsAtOnce)
      .select('row_number', 'reason')
    yield* some
    if (some.length < reasonsAtOnce) return
    last = (some.at(-1) as Wrong).row_number
  }
}
