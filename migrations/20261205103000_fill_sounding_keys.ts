import type { Knex } from 'knex'
import { customerKeys, type Key } from '../src/customers/duplicates/customer-keys.ts'
import { insertAll } from '../src/kernel/db/dialect.ts'

const batch = 500
type Row = { id: number; name: string; city_code: string | null }

/** Customers are known again by how the core of their name sounds in their city. */
export async function up(knex: Knex) {
  for (let last = 0; ; ) {
    const rows: Row[] = await knex('customers')
      .where('id', '>', last)
      .orderBy('id')
      .limit(batch)
      .select('id', 'name', 'city_code')
    const end = rows.at(-1)?.id
    if (end === undefined) return
    const ids = rows.map(({ id }) => id)
    const held = new Set<number>(
      await knex('customer_keys').where({ kind: 'sound' }).whereIn('customer_id', ids).pluck('customer_id'),
    )
    await insertAll(
      knex,
      'customer_keys',
      rows
        .filter(({ id }) => !held.has(id))
        .flatMap((row) => soundOf(row).map((key) => ({ ...key, customer_id: row.id }))),
    )
    last = end
  }
}

const soundOf = ({ name, city_code }: Row): Key[] =>
  customerKeys({ name, city_code }, '').filter(({ kind }) => kind === 'sound')

export async function down(knex: Knex) {
  await knex('customer_keys').where({ kind: 'sound' }).delete()
}
