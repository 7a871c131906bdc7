import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import type { Tag } from '../../kernel/reference.ts'
import type { Values } from '../../kernel/web/form.ts'
import { joined, valuesIn } from '../../kernel/web/multi-value.ts'
import { removeTally, tallyName, tallyOf } from './tallies.ts'

type Tagged = { tag_ids?: unknown }

/** The tags of a customer that was read with them, or of what was typed. */
export const tagIdsIn = ({ tag_ids }: Tagged): number[] => valuesIn(tag_ids).map(Number)

const idsAtOnce = 1_000

/** Rows of customers with their tags as the field `tag_ids` has them: ids joined by commas, or null. */
export async function withTags<R extends { id: number }>(
  db: Knex,
  rows: R[],
): Promise<(R & { tag_ids: string | null })[]> {
  const pairs: { customer_id: number; tag_id: number }[] = []
  for (let at = 0; at < rows.length; at += idsAtOnce) {
    const ids = rows.slice(at, at + idsAtOnce).map(({ id }) => id)
    pairs.push(...(await db('customer_tags').whereIn('customer_id', ids).select('customer_id', 'tag_id')))
  }
  const byCustomer = Map.groupBy(pairs, ({ customer_id }) => customer_id)
  const textOf = (id: number) => joined((byCustomer.get(id) ?? []).map(({ tag_id }) => tag_id))
  return rows.map((row) => ({ ...row, tag_ids: textOf(row.id) }))
}

/** What was typed, without tags that were deleted meanwhile. */
export async function withLivingTags(db: Knex, list: Values[]): Promise<Values[]> {
  const wanted = [...new Set(list.flatMap(tagIdsIn))]
  if (wanted.length === 0) return list
  const living = new Set<number>(await db('tags').whereIn('id', wanted).pluck('id'))
  if (living.size === wanted.length) return list
  return list.map((values) => ({ ...values, tag_ids: joined(tagIdsIn(values).filter((id) => living.has(id))) }))
}

/** Gives new customers their tags. */
export async function addTags(trx: Knex, rows: (Tagged & { id: number })[]) {
  const pairs = rows.flatMap((row) => tagIdsIn(row).map((tag_id) => ({ customer_id: row.id, tag_id })))
  await insertAll(trx, 'customer_tags', pairs)
}

/** Gives a customer other tags than it had. */
export async function changeTags(trx: Knex, before: Tagged & { id: number }, after: Tagged) {
  const [had, has] = [tagIdsIn(before), tagIdsIn(after)]
  const gone = had.filter((id) => !has.includes(id))
  const added = has.filter((id) => !had.includes(id))
  if (gone.length > 0) await trx('customer_tags').where({ customer_id: before.id }).whereIn('tag_id', gone).delete()
  if (added.length > 0) await addTags(trx, [{ id: before.id, tag_ids: joined(added) }])
}

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
  await trx('customer_tags').where({ tag_id: id }).delete()
  await removeTally(trx, tallyName('tag_id', id))
}

/** The tags of a customer as the head of its card shows them. */
export const tagMarks = (customer: Tagged, tags: Tag[]) => {
  const ids = new Set(tagIdsIn(customer))
  return tags.filter(({ id }) => ids.has(id)).map(({ name, tone }) => ({ text: name, tone: tone ?? 'gray' }))
}
