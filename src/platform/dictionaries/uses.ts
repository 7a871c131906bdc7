import type { Knex } from 'knex'
import { moveTally, talliesOf } from '../../customers/customers/tallies.ts'
import { moveTally as moveModuleTally } from '../../kernel/db/tallies.ts'
import { keyRecords } from '../../kernel/modules/alike-keys.ts'
import type { Module, Stored } from '../../kernel/modules/module.ts'
import { modulesWithRecords } from '../../kernel/modules/own-table.ts'
import type { Dictionary } from './dictionaries.ts'
import { rememberMove } from './moves.ts'

/** How many records have an entry: in the lists, and in the recycle bin; `at` where all of the lists are of one use. */
export type Count = { living: number; binned: number; at?: Use | undefined }

/** A column that holds the id of an entry: of customers, of a declared module, or of its lines. */
export type Use = { table: string; column: string; hasBin: boolean; module?: Module }

const nothing: Count = { living: 0, binned: 0 }
const idsAtOnce = 400

/** The uses of some entries of a dictionary, by their id; from the tallies and the indexes alone. */
export async function countUses(db: Knex, dictionary: Dictionary, ids: number[]): Promise<Map<number, Count>> {
  const counts = new Map<number, Count>(ids.map((id) => [id, nothing]))
  const uses = await usesOf(db, dictionary)
  for (let at = 0; at < ids.length; at += idsAtOnce)
    for (const use of uses) await countUse(db, use, ids.slice(at, at + idsAtOnce), counts)
  return counts
}

async function countUse(db: Knex, use: Use, ids: number[], counts: Map<number, Count>) {
  const living = use.module ? await rowsBy(db, use, ids, 'living') : await talliesOf(db, use.column, ids)
  const binned = use.hasBin ? await rowsBy(db, use, ids, 'binned') : new Map<string, number>()
  for (const id of ids) {
    const before = counts.get(id) ?? nothing
    const more = living.get(String(id)) ?? 0
    counts.set(id, {
      living: before.living + more,
      binned: before.binned + (binned.get(String(id)) ?? 0),
      at: more === 0 ? before.at : before.living === 0 ? use : undefined,
    })
  }
}

async function rowsBy(db: Knex, { table, column, hasBin }: Use, ids: number[], state: 'living' | 'binned') {
  const query = db(table).whereIn(column, ids)
  if (hasBin && state === 'living') query.whereNull('deleted_at')
  if (state === 'binned') query.whereNotNull('deleted_at')
  const rows: { entry_id: number; row_count: number }[] = await query
    .groupBy(column)
    .select({ entry_id: column })
    .count({ row_count: '*' })
  return new Map(rows.map(({ entry_id, row_count }) => [String(entry_id), Number(row_count)]))
}

/** Every column that holds entries of a dictionary, those of modules that are switched off too: their rows point at entries still. */
async function usesOf(db: Knex, { name, uses }: Dictionary): Promise<Use[]> {
  const written = new Set(uses.map(({ table }) => table as string))
  const modules = (await modulesWithRecords(db)).filter((module) => !written.has(module.name))
  return [...uses.map((use) => ({ ...use, hasBin: true })), ...modules.flatMap((module) => usesIn(module, name))]
}

function usesIn(module: Module, dictionary: string): Use[] {
  const columns = (fields: Module['fields']) =>
    fields.filter(({ options }) => options?.dictionary === dictionary).map(({ name }) => name)
  return [
    ...columns(module.fields).map((column) => ({ table: module.name, column, hasBin: module.bin === true, module })),
    ...(module.lines ?? []).flatMap(({ table, fields }) =>
      columns(fields).map((column) => ({ table, column, hasBin: false, module })),
    ),
  ]
}

/** Whether any record has the entry, asked of the records themselves. */
export async function isUsed(db: Knex, dictionary: Dictionary, id: number): Promise<boolean> {
  for (const { table, column } of await usesOf(db, dictionary))
    if (await db(table).where(column, id).first('id')) return true
  return false
}

/** Gives all records with one entry another one, those in the recycle bin too; answers how many there were. */
export async function moveUses(trx: Knex, dictionary: Dictionary, from: number, to: number): Promise<number> {
  let moved = 0
  for (const use of await usesOf(trx, dictionary)) moved += await moveUse(trx, use, from, to)
  await rememberMove(trx, from, to)
  return moved
}

async function moveUse(trx: Knex, use: Use, from: number, to: number): Promise<number> {
  const { table, column, module } = use
  const isKeyed = module?.name === table && module.alike?.some(({ fields }) => fields.includes(column))
  const ids: number[] = isKeyed ? await trx(table).where(column, from).pluck('id') : []
  const moved: number = await trx(table)
    .where(column, from)
    .update({ [column]: to })
  if (!module) await moveTally(trx, column, from, to)
  else if (module.isTallied && module.name === table) await moveModuleTally(trx, table, column, from, to)
  for (let at = 0; module && at < ids.length; at += idsAtOnce) {
    const rows: Stored[] = await trx(table).whereIn('id', ids.slice(at, at + idsAtOnce))
    await keyRecords(trx, module, rows)
  }
  return moved
}
