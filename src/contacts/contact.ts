import type { Knex } from 'knex'
import { personPinyin } from '../china/pinyin.ts'
import { reindexCustomer } from '../customers/customer.ts'
import { recordEvent } from '../history.ts'
import { numbered, reserveNumbers } from '../numbers.ts'
import type { Reference } from '../reference.ts'
import type { Settings } from '../settings.ts'
import type { Values } from '../web/form.ts'
import { changeRecord, eventOf, markDeleted, type RecordKind } from '../web/record.ts'
import { notFound } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'
import { today } from '../web/show.ts'
import { contactFields } from './fields.ts'

export type Contact = {
  id: number
  customer_id: number
  code: string
  name: string
  is_main: boolean
  version: number
  deleted_at: string | null
} & Record<string, unknown>

export const contactKind: RecordKind = { table: 'contacts', fields: contactFields, nameOf: (row) => String(row.name) }

/** Living contacts of customers that may be seen. */
export const visibleContacts = (db: Knex): Knex.QueryBuilder =>
  db('contacts')
    .join('customers', 'customers.id', 'contacts.customer_id')
    .whereNull('contacts.deleted_at')
    .whereNull('customers.deleted_at')

/** A contact of a customer, or the refusal of one that is not there for this person. */
export async function findContact(db: Knex, customerId: number, id: number): Promise<Contact> {
  const contact = await visibleContacts(db)
    .where({ 'contacts.id': id, 'contacts.customer_id': customerId })
    .first('contacts.*')
  if (!contact) throw notFound()
  return contact
}

/** The living contacts of one customer, the main one first. */
export const contactsOf = (db: Knex, customerId: number): Promise<Contact[]> =>
  db('contacts')
    .where({ customer_id: customerId })
    .whereNull('deleted_at')
    .orderBy([{ column: 'is_main', order: 'desc' }, 'name_pinyin', 'id'])

/** How many contacts there are; of the recycle bin those that went there at `deletedAt`. */
export async function countContacts(db: Knex, customerId: number, deletedAt: string | null = null): Promise<number> {
  const row = await db('contacts')
    .where({ customer_id: customerId, deleted_at: deletedAt })
    .count({ row_count: '*' })
    .first()
  return Number(row?.row_count ?? 0)
}

const keys = ({ name }: Values) => {
  const { full, initials } = personPinyin(String(name))
  return { name_pinyin: full, name_initials: initials }
}

/** Adds a contact to a customer; the first one, or one marked so, is its main contact. Answers its id. */
export async function addContact(
  trx: Knex,
  customerId: number,
  values: Values,
  { actor, settings }: { actor: Actor; settings: Settings },
): Promise<number> {
  const is_main = Boolean(values.is_main) || (await countContacts(trx, customerId)) === 0
  if (is_main) await unsetMain(trx, customerId)
  const now = new Date().toISOString()
  const code = values.code ?? numbered(settings.contactCodePattern, await reserveNumbers(trx, 'contacts'), today())
  const row = {
    ...values,
    code,
    is_main,
    ...keys(values),
    customer_id: customerId,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    version: 1,
  }
  const [{ id }] = await trx('contacts').insert(row).returning('id')
  await recordEvent(trx, actor, { ...eventOf(contactKind, { ...values, id }), action: 'create', record_version: 1 })
  await reindexCustomer(trx, customerId)
  return id
}

/** Saves a contact that still stands at `version`, throws Stale otherwise. */
export async function saveContact(
  trx: Knex,
  before: Contact,
  { version, values, actor, reference }: { version: number; values: Values; actor: Actor; reference: Reference },
): Promise<boolean> {
  const kept = { ...values, code: values.code ?? before.code }
  if (values.is_main && !before.is_main) await unsetMain(trx, before.customer_id)
  const changes = await changeRecord(trx, contactKind, {
    before,
    version,
    values: kept,
    derived: keys(values),
    actor,
    reference,
  })
  if (changes.length > 0) await reindexCustomer(trx, before.customer_id)
  return changes.length > 0
}

const unsetMain = (trx: Knex, customer_id: number) =>
  trx('contacts').where({ customer_id, is_main: true }).update({ is_main: false })

/** Moves a contact into the recycle bin. */
export async function deleteContact(trx: Knex, contact: Contact, actor: Actor) {
  await markDeleted(trx, contactKind, contact, new Date().toISOString(), actor)
  await reindexCustomer(trx, contact.customer_id)
}

/** Takes a contact out of the recycle bin; no longer as the main one when there is another now. */
export async function restoreContact(trx: Knex, contact: Contact, actor: Actor) {
  const others = await countContacts(trx, contact.customer_id)
  await markDeleted(trx, contactKind, contact, null, actor)
  if (others > 0) await trx('contacts').where({ id: contact.id }).update({ is_main: false })
  await reindexCustomer(trx, contact.customer_id)
}

/** Removes a contact of the recycle bin for good; the history stays. */
export async function purgeContact(trx: Knex, contact: Contact, actor: Actor) {
  await trx('contacts').where({ id: contact.id }).delete()
  await recordEvent(trx, actor, {
    ...eventOf(contactKind, contact),
    action: 'purge',
    record_version: contact.version + 1,
  })
}
