import type { Knex } from 'knex'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { inScope } from '../../kernel/web/scope.ts'
import type { Existing } from '../../operation/imports/checking/existing.ts'
import { forgiveStored } from '../../operation/imports/checking/stored-mistakes.ts'
import { addReason } from '../../operation/imports/reading/row.ts'
import type { Work } from '../../operation/imports/work.ts'
import { text } from '../../texts/index.ts'
import { refuseTakenCodes } from './contact-codes.ts'
import { exactName, readMissing } from './missing-customers.ts'
import type { CustomerRow } from './row.ts'

/**
 * The contacts that rows are about: of the same customer and name. Each row gets the id of its customer in
 * `customer.id`, or has a new one to make where that was chosen; without one, with several of the name, or with a code
 * of another contact it gets a reason.
 */
export async function existingContacts(db: Knex, work: Work, rows: CustomerRow[]): Promise<Map<CustomerRow, Existing>> {
  await placeAtCustomers(db, work, rows)
  const found = new Map<CustomerRow, Existing>()
  const ids = [...new Set(rows.flatMap(({ values: { customer } }) => (customer.id ? [customer.id as number] : [])))]
  const contacts: { id: number; owner_id: number; customer_id: number; name: string }[] = await db('contacts')
    .join('customers', 'customers.id', 'contacts.customer_id')
    .whereIn('customer_id', ids)
    .whereNull('contacts.deleted_at')
    .select('contacts.id', 'customers.owner_id', 'contacts.customer_id', 'contacts.name')
  const byName = new Map(contacts.map((one) => [`${one.customer_id} ${foldKey(one.name)}`, one]))
  for (const row of rows) {
    const { id, owner_id } = byName.get(contactKey(row) ?? '') ?? {}
    if (id !== undefined) found.set(row, { id, name: row.name, owner_id, evidence: 'exact' })
  }
  await forgiveStored(db, { table: 'contacts', side: 'contact' }, found)
  await refuseTakenCodes(db, rows, (row, holder) => found.get(row)?.id === holder.id)
  return found
}

/** What two rows of one file must not share. */
export const contactKey = ({ values: { customer, contact } }: CustomerRow) =>
  customer.id && contact?.name ? `${customer.id} ${foldKey(String(contact.name))}` : undefined

type Held = { id: number; owner_id: number }
type Living = { byCode: Map<string, Held & { deleted_at: string | null }>; byName: Map<string, Held[]> }

async function placeAtCustomers(db: Knex, work: Work, rows: CustomerRow[]) {
  const codes = rows.flatMap(({ values: { customer } }) => (customer.code ? [foldKey(String(customer.code))] : []))
  const coded = await db('customers').whereIn('code_key', codes).select('id', 'owner_id', 'code_key', 'deleted_at')
  const names = [
    ...new Set(rows.flatMap(({ values: { customer } }) => (customer.name ? [exactName(customer.name)] : []))),
  ]
  const named: (Held & { value_key: string })[] = await db('customers')
    .whereNull('customers.deleted_at')
    .join('customer_keys', 'customer_keys.customer_id', 'customers.id')
    .where({ 'customer_keys.kind': 'exact' })
    .whereIn('value_key', names)
    .select('customers.id', 'customers.owner_id', 'customer_keys.value_key')
  const living = {
    byCode: new Map(coded.map((one) => [one.code_key, one])),
    byName: Map.groupBy(named, ({ value_key }) => value_key),
  }
  for (const row of rows) placeAtCustomer(row, work, living)
}

/** Customers of other people that this person's rights do not reach are not there, but are not made again either. */
function placeAtCustomer(row: CustomerRow, work: Work, { byCode, byName }: Living) {
  const { name, code } = row.values.customer
  const reach = work.viewer.scope('contacts.create')
  const coded = code ? byCode.get(foldKey(String(code))) : undefined
  const all = name ? (byName.get(exactName(name)) ?? []) : []
  const named = all.filter(({ owner_id }) => inScope(reach, owner_id))
  if (coded && !coded.deleted_at && inScope(reach, coded.owner_id))
    row.values.customer = { ...row.values.customer, id: coded.id }
  else if (!code && named.length === 1) row.values.customer = { ...row.values.customer, id: named[0]?.id }
  else {
    if (name && all.length === 0 && !coded) row.lacks = String(name)
    if (row.lacks !== undefined && work.one.columns.makesMissing) return readMissing(row, work)
    const message = !code && named.length > 1 ? text.imports.severalCustomers : text.imports.noSuchCustomer
    addReason(row, text.contacts.fields.customer_id, String(code ?? name ?? ''), message)
  }
}
