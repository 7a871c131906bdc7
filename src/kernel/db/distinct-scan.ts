import { setImmediate as turn } from 'node:timers/promises'
import type { Knex } from 'knex'
import { contains, engine } from './dialect.ts'

type Place = { table: string; column: string }

/** So many distinct values are looked at first, and then so many entries of the index between two turns of others: 10 ms each on SQLite. */
const mostValues = 5_000
const entriesAtOnce = 50_000

/**
 * The ids of the living rows of which a column contains a term, at most `most`, by its index (deleted_at, column). Of
 * few values each is looked at once, however many rows have it: a million people have some hundred departments. Behind
 * 5,000 of them the entries of the index are gone through, which is much narrower than the table.
 */
export async function idsHolding(db: Knex, place: Place, term: string, most: number): Promise<number[]> {
  const { column } = place
  const first = () => db.from(firstValues(db, place) as Knex.Raw).select('value')
  const held = contains(first(), ['value'], term)
  const ids: number[] = await living(db, place).whereIn(column, held).limit(most).pluck('id')
  const [end] = await first()
    .orderBy('value')
    .limit(1)
    .offset(mostValues - 1)
  for (let last = end?.value; last && ids.length < most; ) {
    await turn()
    const rest = () => living(db, place).where(column, '>', last)
    const [next] = await rest().select({ value: column }).orderBy(column).limit(1).offset(entriesAtOnce)
    const entries = next?.value ? rest().where(column, '<=', next.value) : rest()
    for (const id of await contains(entries, [column], term)
      .limit(most - ids.length)
      .pluck('id'))
      ids.push(id)
    last = next?.value
  }
  return ids
}

const living = (db: Knex, { table }: Place): Knex.QueryBuilder => db(table).whereNull('deleted_at')

/**
 * The first distinct values of a column, as a table `some`. SQLite leaps from each to the next along the index: without
 * statistics of the table its DISTINCT would read every entry. SQL Server reads them.
 */
function firstValues(db: Knex, place: Place): Knex.Raw | Knex.QueryBuilder {
  const { table, column } = place
  if (engine(db) === 'mssql') {
    const values = living(db, place).whereNotNull(column).distinct({ value: column })
    return values.orderBy(column).limit(mostValues).as('some')
  }
  const least = 'select min(??) from ?? where deleted_at is null'
  // The limit stands inside: SQLite makes the whole table `leaps` before it looks for its values.
  return db.raw(
    `(with recursive leaps (value) as (${least} union all select (${least} and ?? > leaps.value) from leaps
    where leaps.value is not null limit ?) select value from leaps where value is not null) as some`,
    [column, table, column, table, column, mostValues],
  )
}
