import type { Knex } from 'knex'

type Table = Knex.CreateTableBuilder
const isServer = (t: Table) =>
  (t as unknown as { client: { config: { client: string } } }).client.config.client === 'mssql'

/** The key: int identity on SQL Server, rowid on SQLite; never shown as a document number. */
export const id = (t: Table) => t.increments('id')

/** Text of at most `length` UTF-16 units. SQLite would ignore the length, so a check makes it fail like SQL Server. */
export function text(t: Table, name: string, length: number) {
  const column = t.string(name, length)
  return isServer(t) ? column : column.checkLength('<=', length)
}

/** Text without limit. */
export const long = (t: Table, name: string) => t.text(name)

/** Money in fen. */
export const money = (t: Table, name: string) => t.bigInteger(name)

/** An instant, written by the program as ISO text in UTC; datetime2(3) on SQL Server, which `datetime` would round. */
export const instant = (t: Table, name: string) => t.specificType(name, isServer(t) ? 'datetime2(3)' : 'text')

/** A day, YYYY-MM-DD. */
export const day = (t: Table, name: string) => t.specificType(name, isServer(t) ? 'date' : 'text')

/** Yes or no; the name begins with `is_` or `has_`. */
export const flag = (t: Table, name: string) => t.boolean(name).notNullable()

/** A plain foreign key, without any action on deletion (house rule 9). */
export const ref = (t: Table, name: string, table: string) => t.integer(name).unsigned().references('id').inTable(table)
