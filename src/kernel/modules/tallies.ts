import type { Knex } from 'knex'
import { countRecords, everyone, namesIn, talliesOf, tallyName, tallyOf } from '../db/tallies.ts'
import { indexesOf } from './indexes.ts'
import { linksAmong } from './link-names.ts'
import type { Asked } from './list-request.ts'
import { givenColumn, type Module } from './module.ts'

type Row = Record<string, unknown>
type Changed = { added?: Row[]; removed?: Row[] }

const isLiving = ({ deleted_at }: Row) => (deleted_at ?? null) === null

/** What is counted by: choices among few, not among the records of another module. */
export function talliedColumns(module: Module): string[] {
  const links = linksAmong(module.fields).map(({ name }) => name)
  return (indexesOf(module).choices ?? []).filter((column) => !links.includes(column))
}

/**
 * Counts records by what can be chosen of them, where their module says so, as they stand after and before; those in the
 * recycle bin are not counted. Call it in the transaction of the save.
 */
export async function tallyRecords(trx: Knex, module: Module, { added = [], removed = [] }: Changed) {
  if (!module.isTallied) return
  const choices = talliedColumns(module)
  const changed = { added: added.filter(isLiving), removed: removed.filter(isLiving) }
  await countRecords(trx, module.name, (record) => namesIn(choices, record), changed)
}

/** How many records are asked for, where the tallies know it: all, those with one value, or those of some people. */
export async function tallied(
  db: Knex,
  module: Module,
  { wishes, owners, others }: Asked,
): Promise<number | undefined> {
  const isOne = wishes.length + others.length + (owners ? 1 : 0) < 2
  if (!module.isTallied || !isOne || others.length > 0 || (module.owner !== 'nobody' && !givenColumn(module)))
    return undefined
  const [wish] = wishes
  if (wish) {
    const isKnown = 'value' in wish && wish.value !== null && talliedColumns(module).includes(wish.column)
    return isKnown ? tallyOf(db, module.name, tallyName(wish.column, wish.value)) : undefined
  }
  if (!owners) return tallyOf(db, module.name, everyone)
  const counts = await talliesOf(db, module.name, givenColumn(module) as string, [...owners])
  return counts.values().reduce((sum, count) => sum + count, 0)
}
