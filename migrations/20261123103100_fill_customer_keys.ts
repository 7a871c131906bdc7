import type { Knex } from 'knex'
import { customerKeys } from '../src/customers/duplicates/customer-keys.ts'
import { insertAll } from '../src/kernel/db/dialect.ts'

const batch = 500
const presetAreaCode = '0431'
const columns = ['id', 'deleted_at', 'name', 'city_code', 'phone', 'phone2', 'mobile', 'fax', 'email', 'credit_code']

type Customer = { id: number; deleted_at: string | null } & Record<string, unknown>
type Contact = { customer_id: number; deleted_at: string | null } & Record<string, unknown>

export async function up(knex: Knex) {
  const areaCode = await areaCodeOf(knex)
  for (let last = 0; ; ) {
    const customers: Customer[] = await knex('customers')
      .where('id', '>', last)
      .orderBy('id')
      .limit(batch)
      .select(columns)
    const end = customers.at(-1)?.id ?? last
    if (end <= last) return
    await fill(knex, customers, { areaCode, range: [last + 1, end] })
    last = end
  }
}

async function areaCodeOf(knex: Knex): Promise<string> {
  const row = await knex('settings').where({ name: 'areaCode' }).first('value')
  return row?.value ? JSON.parse(row.value) : presetAreaCode
}

/** A contact counts while it lives, or when it went into the recycle bin with its customer. */
async function fill(
  knex: Knex,
  customers: Customer[],
  { areaCode, range }: { areaCode: string; range: [number, number] },
) {
  const all: Contact[] = await knex('contacts')
    .whereBetween('customer_id', range)
    .select('customer_id', 'deleted_at', 'mobile', 'office_phone', 'email')
  const byCustomer = Map.groupBy(all, ({ customer_id }) => customer_id)
  const rows = customers.flatMap((customer) => {
    const contacts = byCustomer.get(customer.id)?.filter((contact) => contact.deleted_at === customer.deleted_at)
    return customerKeys({ ...customer, contacts }, areaCode).map((key) => ({ ...key, customer_id: customer.id }))
  })
  await insertAll(knex, 'customer_keys', rows)
}

export const down = (knex: Knex) => knex('customer_keys').delete()
