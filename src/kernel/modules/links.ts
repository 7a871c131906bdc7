import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { showCount } from '../web/formatting.ts'
import { Refusal } from '../web/refusal.ts'
import { linksTo, modulesWithRows, type Pointer, wordsOf } from './catalogue.ts'

/** What points at records of a module and keeps them; what hangs beside them on the same record lets them go. */
export const holding = (name: string): Pointer[] =>
  linksTo(name, modulesWithRows()).filter(({ field }) => !field.isSibling)

const tableOf = ({ module, lines }: Pointer) => lines?.table ?? module.name

/** How many records of which modules point at one, in words; nothing where none does. Those in the recycle bin count too. */
export async function pointingTexts(db: Knex, name: string, id: number): Promise<string[]> {
  const said: string[] = []
  for (const pointer of holding(name)) {
    const pointing = db(tableOf(pointer)).where({ [pointer.field.name]: id })
    const row = await pointing.countDistinct({ row_count: pointer.lines ? 'record_id' : 'id' }).first()
    const count = Number(row?.row_count)
    if (count > 0) said.push(wordsOf(pointer.module).counted(showCount(count)))
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
  for (const pointer of holding(name)) {
    const column = pointer.field.name
    pointed.push(...(await db(tableOf(pointer)).whereIn(column, ids).distinct().pluck(column)))
  }
  return new Set(pointed)
}

/** Narrows rows of a table to those at which nothing points. */
export function unpointed(db: Knex, rows: Knex.QueryBuilder, name: string): Knex.QueryBuilder {
  for (const pointer of holding(name)) {
    const column = pointer.field.name
    rows.whereNotIn(`${name}.id`, db(tableOf(pointer)).whereNotNull(column).select(column))
  }
  return rows
}

/** Has what stands beside records that go for good on the same one point at nothing. */
export async function letSiblingsGo(trx: Knex, name: string, ids: number[]) {
  for (const { module, field } of linksTo(name, modulesWithRows()).filter(({ field }) => field.isSibling))
    await trx(module.name)
      .whereIn(field.name, ids)
      .update({ [field.name]: null })
}
