import type { Knex } from 'knex'
import * as counted from '../../kernel/db/tallies.ts'
import { valuesIn } from '../../kernel/web/multi-value.ts'
import type { Scope } from '../../kernel/web/viewer.ts'
import { facets } from './fields.ts'

/** The columns of a customer that are counted, and its tags (customers/customers/tags.ts). */
type Counted = Record<string, unknown>

export const { everyone, tallyName } = counted
const module = 'customers'

const namesOf = (customer: Counted) => [
  ...counted.namesIn(facets, customer),
  ...valuesIn(customer.tag_ids).map((id) => tallyName('tag_id', id)),
]

/** Counts customers as they are saved, in the transaction of the save (kernel/db/tallies.ts). */
export const tally = (trx: Knex, changed: { added?: Counted[]; removed?: Counted[] }) =>
  counted.countRecords(trx, module, namesOf, changed)

export const moveTally = (trx: Knex, column: string, from: string | number, to: string | number) =>
  counted.moveTally(trx, module, column, from, to)

export const removeTally = (trx: Knex, name: string) => counted.removeTally(trx, module, name)

/** How many living customers there are with a value (or `everyone`). */
export const tallyOf = (db: Knex, name: string) => counted.tallyOf(db, module, name)

/** The tallies of several values of one column, by value. */
export const talliesOf = (db: Knex, column: string, values: (string | number)[]) =>
  counted.talliesOf(db, module, column, values)

/** How many living customers there are of the people within reach. */
export async function countWithin(db: Knex, reach: Scope): Promise<number> {
  if (reach === 'all') return tallyOf(db, everyone)
  const counts = await talliesOf(db, 'owner_id', [...reach])
  return counts.values().reduce((sum, count) => sum + count, 0)
}
