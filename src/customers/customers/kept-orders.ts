import type { Knex } from 'knex'
import { whereIdIn } from '../../kernel/db/dialect.ts'

/*
 * A million customers are sorted by what stands in other tables along columns of their own, each with an index: the main
 * contact's name and mobile, and the first of the tags. They follow in the transaction of each write.
 */

/** The columns, beside their table, that customers are sorted by and no field of them. */
export const keptOrders = ['main_name_pinyin', 'main_mobile', 'first_tag_pinyin'] as const

const ofCustomer = (rows: Knex.QueryBuilder, db: Knex, column: string) =>
  rows.where(column, db.ref('customers.id') as never)
const ofMain = (db: Knex, column: string) =>
  ofCustomer(db('contacts').where({ is_main: true }).whereNull('deleted_at'), db, 'customer_id').min(column)
const noTag = 0
const firstTag = (db: Knex, but = noTag) =>
  ofCustomer(db('customer_tags').join('tags', 'tags.id', 'customer_tags.tag_id'), db, 'customer_tags.customer_id')
    .whereNot('tags.id', but)
    .min('tags.name_pinyin')

/** Brings the columns of some customers, at most 500, to how their contacts and tags stand. */
export async function keepOrders(trx: Knex, ids: number[]) {
  if (ids.length === 0) return
  await whereIdIn(trx('customers'), 'id', ids).update({
    main_name_pinyin: ofMain(trx, 'name_pinyin'),
    main_mobile: ofMain(trx, 'mobile'),
    first_tag_pinyin: firstTag(trx),
  })
}

/** The same of all that carry a tag which is called otherwise now, or of which they are about to be rid (`isGoing`). */
export const keepTagOrder = (trx: Knex, tag: number, { isGoing = false } = {}) =>
  trx('customers')
    .whereIn('id', trx('customer_tags').where({ tag_id: tag }).select('customer_id'))
    .update({ first_tag_pinyin: firstTag(trx, isGoing ? tag : noTag) })
