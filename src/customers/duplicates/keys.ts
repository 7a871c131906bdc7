import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import { readSettings } from '../../kernel/settings/settings.ts'
import { customerKeys, type Key, type KeyedCustomer, keyText } from './customer-keys.ts'

type Stored = { id: number } & Record<string, unknown>
type Contact = { customer_id: number; deleted_at: string | null } & Record<string, unknown>
export type KeyRow = Key & { customer_id: number }

/** Writes the keys of new customers. */
export const addKeys = (trx: Knex, rows: KeyRow[]) => insertAll(trx, 'customer_keys', rows)

/** Brings the keys of customers, at most 500, to what they and their contacts are now. */
export async function rekeyCustomers(trx: Knex, ids: number[]) {
  const { areaCode } = await readSettings(trx)
  const customers: Stored[] = await trx('customers').whereIn('id', ids)
  const contacts = await contactsOf(trx, ids)
  const held: KeyRow[] = await trx('customer_keys')
    .whereIn('customer_id', ids)
    .select('kind', 'value_key', 'customer_id')
  const wanted = customers.flatMap((customer) =>
    rowsOf({ ...customer, contacts: contacts.get(customer.id)?.filter((one) => countsFor(one, customer)) }, areaCode),
  )
  const [wantedTexts, heldTexts] = [wanted, held].map((rows) => new Set(rows.map(rowText)))
  for (const row of held)
    if (!wantedTexts?.has(rowText(row)))
      await trx('customer_keys')
        .where({ ...row })
        .delete()
  await insertAll(
    trx,
    'customer_keys',
    wanted.filter((row) => !heldTexts?.has(rowText(row))),
  )
}

/** Forgets the keys of a customer that is removed for good. */
export async function removeKeys(trx: Knex, id: number) {
  await trx('customer_keys').where({ customer_id: id }).delete()
}

const rowsOf = (customer: Stored & KeyedCustomer, areaCode: string): KeyRow[] =>
  customerKeys(customer, areaCode).map((key) => ({ ...key, customer_id: customer.id }))

const rowText = (row: KeyRow) => `${row.customer_id} ${keyText(row)}`

async function contactsOf(trx: Knex, ids: number[]): Promise<Map<number, Contact[]>> {
  const contacts: Contact[] = await trx('contacts')
    .whereIn('customer_id', ids)
    .select('customer_id', 'deleted_at', 'mobile', 'office_phone', 'email')
  return Map.groupBy(contacts, ({ customer_id }) => customer_id)
}

/** A contact counts while it lives, or when it went into the recycle bin with its customer. */
const countsFor = (contact: Contact, customer: Stored) => contact.deleted_at === customer.deleted_at
