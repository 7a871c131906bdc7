import type { Knex } from 'knex'
import { moveTally, talliesOf } from '../../customers/customers/tallies.ts'
import { declaredModules } from '../../kernel/modules/catalogue.ts'
import type { Dictionary, Use } from './dictionaries.ts'
import { rememberMove } from './moves.ts'

/** How many records have an entry: in the lists, and in the recycle bin. */
export type Count = { living: number; binned: number }

const nothing: Count = { living: 0, binned: 0 }
const idsAtOnce = 400

/** The uses of some entries of a dictionary, by their id; from the tallies and the indexes alone. */
export async function countUses(db: Knex, { uses }: Dictionary, ids: number[]): Promise<Map<number, Count>> {
  const counts = new Map<number, Count>(ids.map((id) => [id, nothing]))
  for (let at = 0; at < ids.length; at += idsAtOnce)
    for (const use of uses) await countUse(db, use, ids.slice(at, at + idsAtOnce), counts)
  return counts
}

async function countUse(db: Knex, { table, column }: Use, ids: number[], counts: Map<number, Count>) {
  const living = await talliesOf(db, column, ids)
  const binned: { entry_id: number; row_count: number }[] = await db(table)
    .whereIn(column, ids)
    .whereNotNull('deleted_at')
    .groupBy(column)
    .select({ entry_id: column })
    .count({ row_count: '*' })
  const binnedById = new Map(binned.map(({ entry_id, row_count }) => [entry_id, row_count]))
  for (const id of ids) {
    const before = counts.get(id) ?? nothing
    counts.set(id, {
      living: before.living + (living.get(String(id)) ?? 0),
      binned: before.binned + (binnedById.get(id) ?? 0),
    })
  }
}

/** The columns of declared modules that hold entries of a dictionary. */
const usesInModules = ({ name }: Dictionary) =>
  declaredModules().flatMap((module) =>
    module.fields
      .filter(({ options }) => options?.dictionary === name)
      .map((field) => ({ table: module.name, column: field.name })),
  )

/** Whether any record has the entry, asked of the records themselves. */
export async function isUsed(db: Knex, dictionary: Dictionary, id: number): Promise<boolean> {
  for (const { table, column } of [...dictionary.uses, ...usesInModules(dictionary)])
    if (await db(table).where(column, id).first('id')) return true
  return false
}

/** Gives all records with one entry another one, those in the recycle bin too; answers how many there were. */
export async function moveUses(trx: Knex, { uses }: Dictionary, from: number, to: number): Promise<number> {
  let moved = 0
  for (const { table, column } of uses) {
    moved += await trx(table)
      .where(column, from)
      .update({ [column]: to })
    await moveTally(trx, column, from, to)
  }
  await rememberMove(trx, from, to)
  return moved
}
