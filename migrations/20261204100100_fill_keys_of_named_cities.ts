import type { Knex } from 'knex'
import { customerKeys } from '../src/customers/duplicates/customer-keys.ts'
import { insertAll } from '../src/kernel/db/dialect.ts'

const batch = 500

/** Customers whose city nobody chose are in the one that their name begins with. */
export async function up(knex: Knex) {
  for (let last = 0; ; ) {
    const rows: { id: number; name: string; city_code: string | null }[] = await knex('customers')
      .where('id', '>', last)
      .orderBy('id')
      .limit(batch)
      .select('id', 'name', 'city_code')
    const end = rows.at(-1)?.id
    if (end === undefined) return
    const held = new Set<number>(
      await knex('customer_keys').where({ kind: 'weak' }).whereBetween('customer_id', [last, end]).pluck('customer_id'),
    )
    const wanted = rows.filter(({ id, city_code }) => !city_code && !held.has(id))
    const keys = wanted.flatMap(({ id, name }) =>
      customerKeys({ name }, '').flatMap((key) => (key.kind === 'weak' ? [{ ...key, customer_id: id }] : [])),
    )
    await insertAll(knex, 'customer_keys', keys)
    last = end
  }
}

export async function down(knex: Knex) {
  const unsaid = knex('customers').whereNull('city_code').select('id')
  await knex('customer_keys').where({ kind: 'weak' }).whereIn('customer_id', unsaid).delete()
}
