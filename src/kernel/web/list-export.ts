import { Readable } from 'node:stream'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { recordEvent } from '../history/history.ts'
import type { Reference } from '../reference.ts'
import { writeCsv } from '../spreadsheets/write-csv.ts'
import { mostRows, writeXlsx } from '../spreadsheets/write-xlsx.ts'
import { datedName } from './dated-name.ts'
import { showCount } from './formatting.ts'
import type { List, ListQuery, OtherExport } from './list.ts'
import { fileColumns } from './list-columns.ts'
import { countUpTo, filtered, wayThrough } from './list-rows.ts'
import { listConditions, namedFor } from './list-words.ts'
import { Refusal } from './refusal.ts'
import { exportRows, walk } from './row-stream.ts'
import type { Actor } from './session.ts'

/** What a list is asked for, and the ending of the file it goes into. */
export type Exported = { list: List; query: ListQuery; reference: Reference; ending: string }

export const fileNameOf = ({ list, ending }: Exported) => datedName(list.title, ending)

const workbook = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const typeOf = ({ list, ending }: Pick<Exported, 'list' | 'ending'>): string =>
  otherOf({ list, ending })?.type ?? (ending === 'csv' ? 'text/csv; charset=utf-8' : workbook)

const otherOf = ({ list, ending }: Pick<Exported, 'list' | 'ending'>) =>
  list.otherExports?.find((one) => one.ending === ending)

/** The head of an answer that is saved under a name, which programs that know no other get in plain letters. */
export const attachment = (plain: string, name: string) =>
  `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`

/** More rows are written by the thread of jobs, and the person sees how far it is. */
const mostAtOnce = 10_000

/** Whether a list is longer than `most`, found by counting only where the table is. */
async function exceeds(db: Knex, { list, query }: Exported, most: number): Promise<boolean> {
  const highest = await db(list.table).max({ id: 'id' }).first()
  if (Number(highest?.id ?? 0) <= most) return false
  return (await countUpTo(db, filtered(db, list, query), list.table, most)).isCapped
}

/** Excel's sheets end; that a file does not fit is said before it begins. */
export async function refuseTooLong(db: Knex, exported: Exported) {
  if (exported.ending === 'xlsx' && (await exceeds(db, exported, mostRows)))
    throw new Refusal({ message: text.list.tooLongForXlsx(showCount(mostRows)) })
}

export const takesLong = (db: Knex, exported: Exported) => exceeds(db, exported, mostAtOnce)

/** How many rows there are in all, for who waits for them. */
export async function countExported(db: Knex, { list, query }: Exported): Promise<number> {
  const { rows } = await wayThrough(db, list, query)
  return (await countUpTo(db, rows(), list.table, Number.MAX_SAFE_INTEGER - 1)).total
}

/** Who has it made; `tell` hears of each row. */
export type ExportBy = { actor: Actor; tell?: (count: number) => void }

/** The rows of a list as the content of a file; that they went out is noted down at the end. */
export function exportStream(db: Knex, exported: Exported, by: ExportBy): Readable {
  const { list, query, reference, ending } = exported
  const other = otherOf(exported)
  if (other) return Readable.from(noted(db, exported, written(db, exported, other), by), { objectMode: false })
  const columns = fileColumns(list, query).map(({ label, heading = label, kind }) => ({ label: heading, kind }))
  const rows = noted(db, exported, exportRows(db, list, query, reference), by)
  return ending === 'csv' ? writeCsv(columns, rows) : writeXlsx(columns, rows, list.title)
}

async function* written(db: Knex, { list, query }: Exported, { write }: OtherExport): AsyncGenerator<Buffer> {
  for await (const row of walk(db, list, { ...query, columns: list.columns })) yield Buffer.from(write(row))
}

/** Notes down at the end how many rows went out, also when the reader went away before. */
async function* noted<T>(db: Knex, exported: Exported, rows: AsyncGenerator<T>, { actor, tell }: ExportBy) {
  const { list, query, reference, ending } = exported
  const name = namedFor(`${list.title}.${ending}`, listConditions(list, query, reference))
  let count = 0
  try {
    for await (const row of rows) {
      count++
      tell?.(count)
      yield row
    }
  } finally {
    await recordEvent(db, actor, { action: 'export', record_type: list.table, record_name: `${count} ${name}` })
  }
}
