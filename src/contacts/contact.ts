import type { Knex } from 'knex'
import { personPinyin } from '../china/pinyin.ts'
import { reindexCustomer } from '../customers/customer.ts'
import { recordEvent } from '../history.ts'
import { newCodes } from '../numbers.ts'
import type { Reference } from '../reference.ts'
import type { Settings } from '../settings.ts'
import { text } from '../texts/index.ts'
import type { Values } from '../web/form.ts'
import { changeRecord, eventOf, markDeleted, type RecordKind, Stale } from '../web/record.ts'
import { notFound } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'
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

type Maker = { actor: Actor; settings: Settings }

/** Adds a contact to a customer; the first one, or one marked so, is its main contact. Answers its id. */
export async function addContact(
  trx: Knex,
  customerId: number,
  values: Values,
  { actor, settings }: Maker,
): Promise<number> {
  const is_main = Boolean(values.is_main) || (await countContacts(trx, customerId)) === 0
  if (is_main) await endMain(trx, customerId, actor)
  const code = values.code ?? (await newCodes(trx, 'contacts', { count: 1, pattern: settings.contactCodePattern }))[0]
  const now = new Date().toISOString()
  const stamps = { created_at: now, updated_at: now, deleted_at: null, version: 1 }
  const row = { ...values, ...keys(values), ...stamps, customer_id: customerId, code, is_main }
  const [{ id }] = await trx('contacts').insert(row).returning('id')
  await recordEvent(trx, actor, { ...eventOf(contactKind, { ...values, id }), action: 'create', record_version: 1 })
  await reindexCustomer(trx, customerId)
  return id
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/** Saves a contact that still stands at `version`, throws Stale otherwise. Answers whether anything changed. */
export async function saveContact(trx: Knex, before: Contact, save: Save): Promise<boolean> {
  if (save.values.is_main && !before.is_main) await endMain(trx, before.customer_id, save.actor)
  const changes = await changeRecord(trx, contactKind, { before, derived: keys(save.values), ...save })
  if (changes.length > 0) await reindexCustomer(trx, before.customer_id)
  return changes.length > 0
}

const livingMain = (trx: Knex, customer_id: number): Promise<Contact | undefined> =>
  trx('contacts').where({ customer_id, is_main: true }).whereNull('deleted_at').first()

/** Another contact becomes the main one: the former is changed like by hand, so that nobody overwrites it unseen. */
async function endMain(trx: Knex, customerId: number, actor: Actor) {
  const main = await livingMain(trx, customerId)
  if (main) await unsetMain(trx, main, actor)
}

async function unsetMain(trx: Knex, contact: Contact, actor: Actor) {
  const version = contact.version + 1
  await trx('contacts').where({ id: contact.id }).update({ is_main: false, version })
  const change = { field: 'is_main', before: true, after: false, beforeText: text.form.yes, afterText: text.form.no }
  const event = { ...eventOf(contactKind, contact), action: 'update', record_version: version, changes: [change] }
  await recordEvent(trx, actor, event)
}

/** Moves a contact into the recycle bin. Throws Stale when it changed since it was read. */
export async function deleteContact(trx: Knex, contact: Contact, actor: Actor) {
  await markDeleted(trx, contactKind, contact, new Date().toISOString(), actor)
  await reindexCustomer(trx, contact.customer_id)
}

/** Takes a contact out of the recycle bin; no longer as the main one when there is another now. Throws Stale likewise. */
export async function restoreContact(trx: Knex, contact: Contact, actor: Actor) {
  const main = await livingMain(trx, contact.customer_id)
  await markDeleted(trx, contactKind, contact, null, actor)
  if (contact.is_main && main) await unsetMain(trx, { ...contact, version: contact.version + 1 }, actor)
  await reindexCustomer(trx, contact.customer_id)
}

/** Removes a contact of the recycle bin for good; the history stays. Throws Stale likewise. */
export async function purgeContact(trx: Knex, contact: Contact, actor: Actor) {
  const { id, version } = contact
  const count = await trx('contacts').where({ id, version }).whereNotNull('deleted_at').delete()
  if (count === 0) throw new Stale()
  const event = eventOf(contactKind, contact)
  await recordEvent(trx, actor, { ...event, action: 'purge', record_version: version + 1 })
}
