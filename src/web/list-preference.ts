import type { Knex } from 'knex'
import { upsert } from '../db/dialect.ts'
import type { Kept, List, ListQuery } from './list.ts'
import { columnsText, readColumns } from './list-columns.ts'
import { readSort, sizes, sortText } from './list-query.ts'

type Stored = { columns: string | null; sort: string | null; per: number | null }

/** How a person keeps a list; undefined when in no way. */
export async function keptOf(db: Knex, list: List, userId: number): Promise<Kept | undefined> {
  const stored: Stored | undefined = await db('list_preferences')
    .where({ user_id: userId, list: list.path })
    .first('columns', 'sort', 'per')
  return (
    stored && {
      columns: readColumns(list, { columns: stored.columns }),
      sort: readSort(list, stored.sort ?? ''),
      per: sizes.includes(stored.per as number) ? stored.per : null,
    }
  )
}

/** Keeps the columns, order and size of a query for a person, in place of what was kept before. */
export const keep = (db: Knex, list: List, userId: number, query: ListQuery) =>
  upsert(
    db,
    'list_preferences',
    { user_id: userId, list: list.path },
    { columns: columnsText(query.columns) || null, sort: sortText(query.sort) || null, per: query.per },
  )

/** Goes back to what holds for everybody. */
export const forget = (db: Knex, list: List, userId: number) =>
  db('list_preferences').where({ user_id: userId, list: list.path }).delete()
