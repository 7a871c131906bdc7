import type { Knex } from 'knex'
import type { Meant } from '../customers/bulk.ts'
import { visibleCustomers } from '../customers/customer.ts'
import { customerList } from '../customers/list.ts'
import { insertAll } from '../db/dialect.ts'
import type { Reference } from '../reference.ts'
import type { List, ListQuery } from '../web/list.ts'
import { filtered, listPage } from '../web/list-page.ts'
import { parametersIn, readListQuery } from '../web/list-query.ts'
import { matchingIds } from '../web/list-window.ts'
import { notFound } from '../web/refusal.ts'

/** What a person has selected in the list of customers: rows one by one, or whatever a query finds (`is_whole`). */
export type Selection = {
  id: number
  user_id: number
  list: string
  query: string
  is_whole: boolean
  row_count: number
}

const idsAtOnce = 400

/** Keeps the rows with these ids, as they stand now. */
export async function selectRows(trx: Knex, userId: number, query: string, ids: number[]): Promise<number> {
  const rows: Meant[] = await visibleCustomers(trx)
    .whereIn('customers.id', ids)
    .select('customers.id', 'customers.version')
  const id = await insert(trx, { user_id: userId, query, is_whole: false, row_count: rows.length })
  await addRows(trx, id, rows)
  return id
}

/** Keeps a query; its rows are looked for when something is done with them. */
export async function selectWhole(db: Knex, userId: number, query: string, reference: Reference): Promise<number> {
  const row_count = await countWhole(db, queryOf(query, reference))
  return insert(db, { user_id: userId, query, is_whole: true, row_count })
}

async function insert(trx: Knex, row: Omit<Selection, 'id' | 'list'>): Promise<number> {
  const kept = { ...row, list: customerList.path, created_at: new Date().toISOString() }
  const [{ id }] = await trx('selections').insert(kept).returning('id')
  return id
}

/** One's own selection; everybody else's is not there. */
export async function findSelection(db: Knex, id: number, userId: number): Promise<Selection> {
  const found = await db('selections').where({ id, user_id: userId }).first()
  if (!found) throw notFound()
  return found
}

export const queryOf = (query: string, reference: Reference): ListQuery =>
  readListQuery(customerList, parametersIn(query), reference)

/** Exactly how many a query finds: a list stops at 10,000, but whoever deletes must know. */
async function countWhole(db: Knex, query: ListQuery): Promise<number> {
  const { total, isCapped } = await listPage(db, customerList, { ...query, page: 1 })
  if (!isCapped) return total
  const rows = () => filtered(db, customerList, query)
  if (!query.conditions?.length)
    return Number((await rows().clearSelect().count({ row_count: '*' }).first())?.row_count)
  let count = 0
  for await (const ids of matchingIds(db, customerList, query, rows)) count += ids.length
  return count
}

/** The list with nothing but what is selected; of rows that were chosen one by one, only the order and columns are asked. */
export function selectedList(selection: Selection, reference: Reference): { list: List; query: ListQuery } {
  const query = queryOf(selection.query, reference)
  if (selection.is_whole) return { list: customerList, query }
  const rows: List['rows'] = (db, columns) =>
    customerList.rows(db, columns).whereIn('customers.id', (chosen) => {
      chosen.from('selection_rows').where('selection_id', selection.id).select('record_id')
    })
  return { list: { ...customerList, rows, page: undefined }, query: { ...query, q: '', filters: {}, conditions: [] } }
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
  last: number,
  reference: Reference,
): Promise<number | undefined> {
  const asked = queryOf(query, reference)
  const isSlow = Boolean(asked.conditions?.length)
  const rows = filtered(trx, customerList, asked).clearSelect().where('customers.id', '>', last)
  if (isSlow) rows.where('customers.id', '<=', last + looked)
  const meant: Meant[] = await rows.orderBy('customers.id').limit(found).select('customers.id', 'customers.version')
  await addRows(trx, id, meant)
  if (meant.length === found) return meant.at(-1)?.id
  if (!isSlow) return undefined
  const highest = await trx('customers').max({ id: 'id' }).first()
  return last + looked < Number(highest?.id) ? last + looked : undefined
}

async function addRows(trx: Knex, selection_id: number, rows: Meant[]) {
  const kept = rows.map(({ id, version }) => ({ selection_id, record_id: id, record_version: version }))
  await insertAll(trx, 'selection_rows', kept)
}

/** The next rows of a selection behind a record, at most `limit`. */
export async function meantRows(trx: Knex, { id }: Selection, last: number, limit = idsAtOnce): Promise<Meant[]> {
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
