import type { Knex } from 'knex'
import { addLinked, withLinked, withLivingLinked } from '../../kernel/modules/linked.ts'
import type { Tag } from '../../kernel/reference.ts'
import type { Values } from '../../kernel/web/form.ts'
import { valuesIn } from '../../kernel/web/multi-value.ts'
import { customerFields, tagged } from './fields.ts'
import { keepTagOrder } from './kept-orders.ts'
import { removeTally, tallyName, tallyOf } from './tallies.ts'

type Tagged = { tag_ids?: unknown }

/** The tags of a customer that was read with them, or of what was typed. */
export const tagIdsIn = ({ tag_ids }: Tagged): number[] => valuesIn(tag_ids).map(Number)

const linking = { fields: customerFields }

/** Rows of customers with their tags as the field `tag_ids` has them: ids joined by commas, or null. */
export const withTags = <R extends { id: number }>(db: Knex, rows: R[]): Promise<(R & { tag_ids: string | null })[]> =>
  withLinked(db, linking, rows) as never

/** What was typed, without tags that were deleted meanwhile. */
export const withLivingTags = (db: Knex, list: Values[]) => withLivingLinked(db, linking, list)

/** Gives new customers their tags. */
export const addTags = (trx: Knex, rows: (Tagged & { id: number })[]) =>
  addLinked(
    trx,
    tagged,
    rows.map((row) => ({ id: row.id, values: tagIdsIn(row) })),
  )

/** How many customers carry a tag: in the lists, and in the recycle bin. */
export async function countTagged(db: Knex, id: number): Promise<{ living: number; binned: number }> {
  const row = await db('customer_tags')
    .join('customers', 'customers.id', 'customer_tags.customer_id')
    .where('customer_tags.tag_id', id)
    .whereNotNull('customers.deleted_at')
    .count({ row_count: '*' })
    .first()
  return { living: await tallyOf(db, tallyName('tag_id', id)), binned: Number(row?.row_count ?? 0) }
}

/**
 * Takes a tag from all customers, those in the recycle bin too. Its tokens stay in the search index, where nobody asks for
 * them: ids are never used twice.
 */
export async function untag(trx: Knex, { id }: { id: number }) {
  await keepTagOrder(trx, id, { isGoing: true })
  await trx('customer_tags').where({ tag_id: id }).delete()
  await removeTally(trx, tallyName('tag_id', id))
}

/** The tags of a customer as the head of its card shows them. */
export const tagMarks = (customer: Tagged, tags: Tag[]) => {
  const ids = new Set(tagIdsIn(customer))
  return tags.filter(({ id }) => ids.has(id)).map(({ name, tone }) => ({ text: name, tone: tone ?? 'gray' }))
}
