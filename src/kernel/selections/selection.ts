import type { Knex } from 'knex'
import { insertAll, whereIdIn } from '../db/dialect.ts'
import type { Reference } from '../reference.ts'
import { matchingIds } from '../web/batched-scan.ts'
import type { RecordVersion } from '../web/bulk.ts'
import type { List, ListQuery } from '../web/list.ts'
import { listPage } from '../web/list-page.ts'
import { parametersIn, readListQuery, refuseUnread } from '../web/list-query.ts'
import { wayThrough } from '../web/list-rows.ts'
import { notFound } from '../web/refusal.ts'
import type { Viewer } from '../web/viewer.ts'

/** What a person has selected in a list: rows one by one, or whatever a query finds (`is_whole`). */
export type Selection = {
  id: number
  user_id: number
  /** The path of the list. */
  list: string
  query: string
  is_whole: boolean
  row_count: number
}

const idsAtOnce = 400

/** Whose selection it is: what a query finds depends on it. */
type For = { viewer: Viewer; reference: Reference }
type Chosen = { list: List; query: string; viewer: Viewer }

const meantColumns = ({ table }: List) => [`${table}.id`, `${table}.version`]

/** Keeps the rows with these ids, as they stand now. */
export async function selectRows(trx: Knex, chosen: Chosen, ids: number[]): Promise<number> {
  const { list, viewer } = chosen
  const rows: RecordVersion[] = await list
    .rows(trx, viewer, [])
    .clearSelect()
    .where((some) => void whereIdIn(some, `${list.table}.id`, ids))
    .select(meantColumns(list))
  const id = await insert(trx, chosen, { is_whole: false, row_count: rows.length })
  await addRows(trx, id, rows)
  return id
}

/** Keeps a query; its rows are looked for when something is done with them. */
export async function selectWhole(db: Knex, chosen: Chosen, reference: Reference): Promise<number> {
  const { list, query, viewer } = chosen
  const row_count = await countWhole(db, list, queryOf(list, query, { viewer, reference }))
  return insert(db, chosen, { is_whole: true, row_count })
}

async function insert(
  trx: Knex,
  { list, query, viewer }: Chosen,
  row: Pick<Selection, 'is_whole' | 'row_count'>,
): Promise<number> {
  const kept = { ...row, list: list.path, query, user_id: viewer.id, created_at: new Date().toISOString() }
  const [{ id }] = await trx('selections').insert(kept).returning('id')
  return id
}

/** One's own selection in a list; everything else is not there. */
export async function findSelection(db: Knex, list: List, id: number, userId: number): Promise<Selection> {
  const found = await db('selections').where({ id, user_id: userId, list: list.path }).first()
  if (!found) throw notFound()
  return found
}

/** Throws a Refusal when something of it is not understood (any more): more would be selected than was meant. */
export const queryOf = (list: List, query: string, by: For): ListQuery =>
  refuseUnread(readListQuery(list, parametersIn(query), by))

/** Exactly how many a query finds: a list stops at 10,000, but whoever deletes must know. */
async function countWhole(db: Knex, list: List, query: ListQuery): Promise<number> {
  const { total, isCapped } = await listPage(db, list, { ...query, page: 1 })
  if (!isCapped) return total
  const { isWindowed, rows } = await wayThrough(db, list, query)
  if (!isWindowed) return Number((await rows().clearSelect().count({ row_count: '*' }).first())?.row_count)
  let count = 0
  for await (const ids of matchingIds(db, list, query, rows)) count += ids.length
  return count
}

/** The list with nothing but what is selected; of rows that were chosen one by one, only the order and columns are asked. */
export function selectedList(selection: Selection, list: List, by: For): { list: List; query: ListQuery } {
  const query = queryOf(list, selection.query, by)
  if (selection.is_whole) return { list, query }
  const rows: List['rows'] = (db, viewer, columns) =>
    list.rows(db, viewer, columns).whereIn(`${list.table}.id`, (chosen) => {
      chosen.from('selection_rows').where('selection_id', selection.id).select('record_id')
    })
  return {
    list: { ...list, rows, count: undefined, walk: undefined, page: undefined },
    query: { ...query, q: '', filters: {}, conditions: [] },
  }
}

const found = 2_000
/** With conditions that no index answers, so many ids are looked at in one step. */
const looked = 20_000

/**
 * One step of writing down the rows of a whole selection, from behind the id `last` on; answers where it came to,
 * undefined at the end.
 */
export async function resolveStep(
  trx: Knex,
  { id, query }: Selection,
  list: List,
  last: number,
  by: For,
): Promise<number | undefined> {
  const asked = queryOf(list, query, by)
  const key = `${list.table}.id`
  const { isWindowed, rows: all } = await wayThrough(trx, list, asked)
  const rows = all().clearSelect().where(key, '>', last)
  if (isWindowed) rows.where(key, '<=', last + looked)
  const meant: RecordVersion[] = await rows.orderBy(key).limit(found).select(meantColumns(list))
  await addRows(trx, id, meant)
  if (meant.length === found) return meant.at(-1)?.id
  if (!isWindowed) return undefined
  const highest = await trx(list.table).max({ id: 'id' }).first()
  return last + looked < Number(highest?.id) ? last + looked : undefined
}

async function addRows(trx: Knex, selection_id: number, rows: RecordVersion[]) {
  const kept = rows.map(({ id, version }) => ({ selection_id, record_id: id, record_version: version }))
  await insertAll(trx, 'selection_rows', kept)
}

/** The next rows of a selection behind a record, at most `limit`. */
export async function meantRows(
  trx: Knex,
  { id }: Selection,
  last: number,
  limit = idsAtOnce,
): Promise<RecordVersion[]> {
  const rows: { record_id: number; record_version: number }[] = await trx('selection_rows')
    .where('selection_id', id)
    .where('record_id', '>', last)
    .orderBy('record_id')
    .limit(limit)
  return rows.map(({ record_id, record_version }) => ({ id: record_id, version: record_version }))
}

/** Removes what was selected before an instant. */
export async function forgetSelections(db: Knex, before: string) {
  const old = () => db('selections').where('created_at', '<', before)
  await db('selection_rows').whereIn('selection_id', old().select('id')).delete()
  await old().delete()
}
