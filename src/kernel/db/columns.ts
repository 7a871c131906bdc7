import type { Knex } from 'knex'
import { engine } from './dialect.ts'
import { longestKey } from './fold-key.ts'

type Table = Knex.CreateTableBuilder
const isServer = (t: Table) =>
  (t as unknown as { client: { config: { client: string } } }).client.config.client === 'mssql'

/** The key: int identity on SQL Server, rowid on SQLite; never shown as a document number. */
export const id = (t: Table) => t.increments('id')

/**
 * Text of at most `length` UTF-16 units. SQLite would ignore the length, so a check makes it fail like SQL Server; but it
 * counts a rare hanzi once (test/guards/widths.ts).
 */
export function text(t: Table, name: string, length: number) {
  const column = t.string(name, length)
  return isServer(t) ? column : column.checkLength('<=', length)
}

/**
 * What a text is compared by (kernel/db/fold-key.ts): sign by sign on both databases. By its usual order SQL Server would take ß
 * for ss, ア for あ, and 𠮷 for nothing at all. A row without its key is noticed by the second one: '' may stand once.
 */
export const key = (t: Table, name: string) => binary(t, name, longestKey).notNullable().defaultTo('')

/** Such a key where the text may be missing. */
export const keyIfAny = (t: Table, name: string) => binary(t, name, longestKey)

const binary = (t: Table, name: string, length: number) =>
  isServer(t) ? t.specificType(name, bySign(length)) : text(t, name, length)

const bySign = (length: number) => `nvarchar(${length}) collate Latin1_General_100_BIN2`

/** Has SQL Server compare a column sign by sign, which it was not made with. No index may be about it meanwhile (5074). */
export async function compareBySign(knex: Knex, table: string, name: string, { length = 0, isFilled = true }) {
  if (engine(knex) === 'sqlite') return
  const type = `${bySign(length)}${isFilled ? ' not null' : ''}`
  await knex.raw(`alter table ?? alter column ?? ${type}`, [table, name])
}

/** Text without limit. */
export const long = (t: Table, name: string) => t.text(name)

/** Money in fen. */
export const money = (t: Table, name: string) => t.bigInteger(name)

/** A decimal number in millionths; the name ends in `_micros` (kernel/china/decimal.ts). */
export const decimal = (t: Table, name: string) => t.bigInteger(name)

/** An instant, written by the program as ISO text in UTC; datetime2(3) on SQL Server, which `datetime` would round. */
export const instant = (t: Table, name: string) => t.specificType(name, isServer(t) ? 'datetime2(3)' : 'text')

/** A day, YYYY-MM-DD. */
export const day = (t: Table, name: string) => t.specificType(name, isServer(t) ? 'date' : 'text')

/** Yes or no; the name begins with `is_` or `has_`. */
export const flag = (t: Table, name: string) => t.boolean(name).notNullable()

/** A plain foreign key, without any action on deletion (house rule 9). */
export const ref = (t: Table, name: string, table: string) => t.integer(name).unsigned().references('id').inTable(table)

/**
 * Adds a plain foreign key to a table that is in use. knex would build the table anew for SQLite, which fails as soon as
 * other tables point at it.
 */
export async function addRef(knex: Knex, table: string, name: string, to: string) {
  if (engine(knex) === 'sqlite') {
    await knex.raw('alter table ?? add column ?? integer references ??(??)', [table, name, to, 'id'])
    return
  }
  await knex.schema.alterTable(table, (t) => void ref(t, name, to))
}

/** Drops columns that no index or table names, without building the table anew as knex would for SQLite. */
export async function dropColumns(knex: Knex, table: string, names: string[]) {
  if (engine(knex) === 'sqlite') {
    for (const name of names) await knex.raw('alter table ?? drop column ??', [table, name])
    return
  }
  await knex.schema.alterTable(table, (t) => t.dropColumns(...names))
}

/** Drops plain foreign keys with their columns, about which no index is any more; SQLite's table is built anew without them. */
export async function dropRefs(knex: Knex, table: string, names: string[]) {
  if (engine(knex) === 'sqlite') return knex.schema.alterTable(table, (t) => t.dropColumns(...names))
  await knex.schema.alterTable(table, (t) => {
    for (const name of names) t.dropForeign([name])
  })
  for (const name of names) await knex.raw('alter table ?? drop column ??', [table, name])
}

/**
 * Gives a text that is always there another length. No index may be about it meanwhile. On SQLite the column is made anew,
 * as its check stands in the table.
 */
export async function widenText(knex: Knex, table: string, name: string, length: number) {
  if (engine(knex) !== 'sqlite') {
    await knex.raw(`alter table ?? alter column ?? nvarchar(${length}) not null`, [table, name])
    return
  }
  const wider = `${name}_wider`
  await knex.schema.alterTable(table, (t) => void text(t, wider, length).notNullable().defaultTo(''))
  await knex(table).update({ [wider]: knex.ref(name) })
  await dropColumns(knex, table, [name])
  await knex.raw('alter table ?? rename column ?? to ??', [table, wider, name])
}
