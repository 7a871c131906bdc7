import type { Knex } from 'knex'
import { nameKeys } from '../china/name-keys.ts'
import { visibleCustomers } from '../customers/customer.ts'
import { text } from '../texts/index.ts'
import type { Viewer } from '../web/viewer.ts'
import type { Existing } from './existing.ts'
import { nameKey } from './names.ts'
import { addReason, type ReadRow } from './row.ts'

/**
 * The contacts that rows are about: of the same customer and name. Each row gets the id of its customer in
 * `customer.id`; without one, with several of the name, or with a code of another contact it gets a reason.
 */
export async function existingContacts(db: Knex, viewer: Viewer, rows: ReadRow[]): Promise<Map<ReadRow, Existing>> {
  await placeAtCustomers(db, viewer, rows)
  const found = new Map<ReadRow, Existing>()
  const ids = [...new Set(rows.flatMap(({ customer }) => (customer.id ? [customer.id as number] : [])))]
  const contacts = await db('contacts')
    .whereIn('customer_id', ids)
    .whereNull('deleted_at')
    .select('id', 'customer_id', 'name')
  const byName = new Map(contacts.map(({ id, customer_id, name }) => [`${customer_id} ${nameKey(name)}`, id as number]))
  for (const row of rows) {
    const id = byName.get(contactKey(row) ?? '')
    if (id !== undefined) found.set(row, { id, evidence: 'exact' })
  }
  await refuseTakenCodes(db, rows, found)
  return found
}

/** What two rows of one file must not share. */
export const contactKey = ({ customer, contact }: ReadRow) =>
  customer.id && contact?.name ? `${customer.id} ${nameKey(String(contact.name))}` : undefined

async function placeAtCustomers(db: Knex, viewer: Viewer, rows: ReadRow[]) {
  const living = () => visibleCustomers(db, viewer, 'contacts.create')
  const codes = rows.flatMap(({ customer }) => (customer.code ? writings(String(customer.code)) : []))
  const byCode = new Map<string, number>()
  for (const { id, code } of await living().whereIn('code', codes).select('id', 'code'))
    byCode.set(code.toLowerCase(), id)
  const names = [...new Set(rows.flatMap(({ customer }) => (customer.name ? [exactName(customer.name)] : [])))]
  const held: { id: number; value_key: string }[] = await living()
    .join('customer_keys', 'customer_keys.customer_id', 'customers.id')
    .where({ 'customer_keys.kind': 'exact' })
    .whereIn('value_key', names)
    .select('customers.id', 'customer_keys.value_key')
  const byName = Map.groupBy(held, ({ value_key }) => value_key)
  for (const row of rows) placeAtCustomer(row, byCode, byName)
}

/** SQL Server compares codes without case, SQLite as they stand. */
const writings = (code: string) => [...new Set([code, code.toUpperCase(), code.toLowerCase()])]

const exactName = (name: unknown) => nameKeys(String(name)).exact

function placeAtCustomer(row: ReadRow, byCode: Map<string, number>, byName: Map<string, { id: number }[]>) {
  const { name, code } = row.customer
  const coded = code ? byCode.get(String(code).toLowerCase()) : undefined
  const named = name ? (byName.get(exactName(name)) ?? []) : []
  if (coded !== undefined) row.customer = { ...row.customer, id: coded }
  else if (!code && named.length === 1) row.customer = { ...row.customer, id: named[0]?.id }
  else {
    const message = !code && named.length > 1 ? text.imports.severalCustomers : text.imports.noSuchCustomer
    addReason(row, text.contacts.fields.customer_id, String(code ?? name ?? ''), message)
  }
}

async function refuseTakenCodes(db: Knex, rows: ReadRow[], found: Map<ReadRow, Existing>) {
  const codes = rows.flatMap(({ contact }) => (contact?.code ? [String(contact.code)] : []))
  if (codes.length === 0) return
  const taken = await db('contacts').whereIn('code', codes).select('id', 'code')
  const byCode = new Map(taken.map(({ id, code }) => [code.toLowerCase(), id as number]))
  for (const row of rows) {
    const id = row.contact?.code ? byCode.get(String(row.contact.code).toLowerCase()) : undefined
    if (id !== undefined && found.get(row)?.id !== id)
      addReason(row, text.contacts.fields.code, String(row.contact?.code), text.contacts.codeTaken)
  }
}
