import type { Knex } from 'knex'
import { text } from '../texts/index.ts'
import { showCount } from '../web/formatting.ts'
import { Refusal } from '../web/refusal.ts'
import { linksTo } from './catalogue.ts'

/** How many records of which modules point at one, in words; nothing where none does. Those in the recycle bin count too. */
export async function pointingTexts(db: Knex, name: string, id: number): Promise<string[]> {
  const said: string[] = []
  for (const { module, field } of linksTo(name)) {
    const row = await db(module.name)
      .where({ [field.name]: id })
      .count({ row_count: '*' })
      .first()
    const count = Number(row?.row_count)
    if (count > 0) said.push(text.recycleBin.hanging(module.label, showCount(count)))
  }
  return said
}

/** Throws a refusal that says what still points at a record which is to go for good. */
export async function refusePointed(db: Knex, name: string, id: number) {
  const said = await pointingTexts(db, name, id)
  if (said.length > 0) throw new Refusal({ status: 409, message: text.recycleBin.pointed(said) })
}

/** Those of these records at which something points. */
export async function pointedIds(db: Knex, name: string, ids: number[]): Promise<Set<number>> {
  const pointed: number[] = []
  for (const { module, field } of linksTo(name))
    pointed.push(...(await db(module.name).whereIn(field.name, ids).distinct().pluck(field.name)))
  return new Set(pointed)
}

/** Narrows rows of a table to those at which nothing points. */
export function unpointed(db: Knex, rows: Knex.QueryBuilder, name: string): Knex.QueryBuilder {
  for (const { module, field } of linksTo(name))
    rows.whereNotIn(`${name}.id`, db(module.name).whereNotNull(field.name).select(field.name))
  return rows
}
