import { hash } from 'node:crypto'
import { join } from 'node:path'
import type { KeyedText } from '../../kernel/db/keyed-texts.ts'
import type { Table } from '../../kernel/db/schema.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { rowsOf } from './rows.ts'

type Row = Record<string, unknown>
const shown = 20

/**
 * Refuses an archive in which rows have the same of what may stand once, and names them, before anything is taken in:
 * the database would only say that some row is there twice. `folder` holds the files of its tables.
 */
export async function refuseRepeated(tables: Table[], folder: string, keyedTexts: readonly KeyedText[]) {
  for (const table of tables)
    for (const keyed of keyedTexts.filter((one) => one.table === table.name)) {
      const repeated = await repeatedIn(table, keyed, join(folder, 'tables', `${table.name}.csv`))
      if (repeated.length > 0) throw new Refusal({ message: sentence(table.name, keyed, repeated) })
    }
}

/** First only numbers that stand for the keys are kept, for of a million rows the keys would fill the memory. */
async function repeatedIn(table: Table, keyed: KeyedText, path: string): Promise<Row[]> {
  const seen = new Set<number>()
  const twice = new Set<number>()
  for await (const row of rowsOf(table, path)) {
    const number = numberOf(row, keyed)
    if (number !== undefined && seen.size === seen.add(number).size) twice.add(number)
  }
  if (twice.size === 0) return []
  const held: Row[] = []
  for await (const row of rowsOf(table, path)) if (twice.has(numberOf(row, keyed) ?? -1)) held.push(row)
  const groups = Map.groupBy(held, (row) => placeOf(row, keyed))
  return [...groups.values()].filter((group) => group.length > 1).flat()
}

/** As the unique index has it: where one of its columns is missing nothing is refused. */
function placeOf(row: Row, { key, within }: KeyedText): string | undefined {
  const place = [...within, key].map((column) => row[column] ?? null)
  return place.includes(null) ? undefined : JSON.stringify(place)
}

function numberOf(row: Row, keyed: KeyedText): number | undefined {
  const place = placeOf(row, keyed)
  return place === undefined ? undefined : hash('sha1', place, 'buffer').readUIntBE(0, 6)
}

function sentence(table: string, keyed: KeyedText, rows: Row[]): string {
  const names = rows.slice(0, shown).map((row) => text.archive.problems.row(String(row[keyed.text]), String(row.id)))
  return text.archive.problems.repeated(table, text.common.listed(names), rows.length > shown)
}
