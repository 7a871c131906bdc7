import type { Knex } from 'knex'
import { bumpRevision, cachedByRevision } from '../db/cache-revision.ts'
import { upsert } from '../db/dialect.ts'
import type { List, ListQuery } from './list.ts'
import { columnsText, readColumns } from './list-columns.ts'
import { readSort, sizes, sortText } from './list-query.ts'
import { optionsAt } from './person-options.ts'
import { readWidths, type Widths, widthsText } from './widths.ts'

/** How a person wants to see a list without saying so each time. */
export type ListPreference = Pick<ListQuery, 'columns' | 'sort'> & { per: number | null; widths?: Widths }

type Stored = { user_id: number; list: string } & Record<'columns' | 'sort' | 'widths', string | null> & {
    per: number | null
  }

const keyOf = ({ user_id, list }: Pick<Stored, 'user_id' | 'list'>) => `${user_id} ${list}`

const preferencesAt = cachedByRevision(async (db: Knex) => {
  const stored: Stored[] = await db('list_preferences').select('user_id', 'list', 'columns', 'sort', 'per', 'widths')
  return new Map(stored.map((one) => [keyOf(one), one]))
})

/** How a person keeps a list, or all lists; undefined when in no way. */
export async function preferenceFor(
  db: Knex,
  revision: number,
  list: List,
  userId: number,
): Promise<ListPreference | undefined> {
  const stored = (await preferencesAt(db, revision)).get(keyOf({ user_id: userId, list: list.path }))
  const usual = (await optionsAt(db, revision)).get(userId)?.rows_per_page ?? null
  if (!stored) return usual === null ? undefined : { sort: null, per: usual }
  return {
    columns: readColumns(list, { columns: stored.columns }),
    sort: readSort(list, stored.sort ?? ''),
    per: sizes.includes(stored.per as number) ? stored.per : usual,
    widths: readWidths(list, stored.widths ?? ''),
  }
}

/** Keeps the columns, order and size of a query for a person, in place of what was kept before. */
export async function keep(trx: Knex, list: List, userId: number, query: ListQuery) {
  const kept = { columns: columnsText(query.columns) || null, sort: sortText(query.sort) || null, per: query.per }
  await bumpRevision(trx)
  await upsert(trx, 'list_preferences', { user_id: userId, list: list.path }, kept)
}

/** Keeps the columns as somebody drew them, and how wide, beside what is kept already. */
export async function arrange(trx: Knex, list: List, userId: number, drawn: { columns: string; widths: string }) {
  const columns = columnsText(readColumns(list, drawn)) || null
  const widths = widthsText(readWidths(list, drawn.widths)) || null
  await bumpRevision(trx)
  await upsert(trx, 'list_preferences', { user_id: userId, list: list.path }, { columns, widths })
}

/** Goes back to what holds for everybody. */
export async function forget(trx: Knex, list: List, userId: number) {
  await bumpRevision(trx)
  await trx('list_preferences').where({ user_id: userId, list: list.path }).delete()
}
