import type { Knex } from 'knex'
import { recordEvent } from '../../kernel/history/history.ts'
import { isLiving } from '../../kernel/modules/derived.ts'
import type { Hooks, Writing, Written } from '../../kernel/modules/module.ts'
import { tellErased } from '../../kernel/modules/records.ts'
import { indexWritten } from '../../kernel/modules/text-index.ts'
import type { Permission } from '../../kernel/permissions.ts'
import type { Reference } from '../../kernel/reference.ts'
import { readSettings, type Settings } from '../../kernel/settings/settings.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changeRecord, eventOf } from '../../kernel/web/record.ts'
import { isDense, scopedTo } from '../../kernel/web/scope.ts'
import type { Actor } from '../../kernel/web/session.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { refreshCustomers } from '../customers/derived.ts'
import { contactKind, contactTexts } from './kind.ts'
import { insertContacts, type NewContact, pinyinKeys } from './row-values.ts'

export type Contact = {
  id: number
  customer_id: number
  code: string
  name: string
  is_main: boolean
  version: number
  deleted_at: string | null
} & Record<string, unknown>

export { contactKind }

/** Living contacts of the customers that a right of this person reaches. */
export function visibleContacts(db: Knex, viewer: Viewer, permission: Permission = 'contacts.view'): Knex.QueryBuilder {
  const living = livingContacts(db)
    .join('customers', 'customers.id', 'contacts.customer_id')
    .whereNull('customers.deleted_at')
  return scopedTo(db, living, 'customers.owner_id', viewer.scope(permission))
}

/** The same without the columns of their customers, which need not be looked at where everybody's are reached. */
export const reachedContacts = (db: Knex, viewer: Viewer): Knex.QueryBuilder =>
  viewer.scope('contacts.view') === 'all' ? livingContacts(db) : visibleContacts(db, viewer)

/** Those that one may see along an order, at 1,000,000; of many people's, everybody's: each row's customer is looked at later. */
export const orderedContacts = (db: Knex, viewer: Viewer): Knex.QueryBuilder =>
  isDense(viewer.scope('contacts.view')) ? livingContacts(db) : visibleContacts(db, viewer)

/** Contacts outside the recycle bin; those of a deleted customer are there with it. */
export const livingContacts = (db: Knex): Knex.QueryBuilder => db('contacts').whereNull('contacts.deleted_at')

/** The living contacts of one customer, the main one first. */
export const contactsOf = (db: Knex, customerId: number): Promise<Contact[]> =>
  db('contacts')
    .where({ customer_id: customerId })
    .whereNull('deleted_at')
    .orderBy([{ column: 'is_main', order: 'desc' }, 'name_pinyin', 'id'])

type Maker = { actor: Actor; settings: Settings }

/** Adds a contact to a customer; the first one, or one marked so, is its main contact. Answers its id. */
export async function addContact(trx: Knex, customer_id: number, values: Values, maker: Maker): Promise<number> {
  const [id] = await addContacts(trx, [{ customer_id, values }], maker)
  return id as number
}

/** Adds contacts to customers that are there, in order: of several that are marked as main the last one is. Answers their ids. */
export async function addContacts(trx: Knex, list: NewContact[], maker: Maker): Promise<number[]> {
  const customers = [...new Set(list.map(({ customer_id }) => customer_id))]
  const living: Contact[] = await trx('contacts').whereIn('customer_id', customers).whereNull('deleted_at')
  const leads = leadsOf(list, living)
  for (const main of living.filter((contact) => contact.is_main && leads.has(contact.customer_id)))
    await unsetMain(trx, main, maker.actor)
  const marked = list.map((one, index) => ({
    ...one,
    values: { ...one.values, is_main: leads.get(one.customer_id) === index },
  }))
  const ids = await insertContacts(trx, marked, maker)
  await refreshCustomers(trx, customers)
  return ids
}

/** Which of new contacts becomes the main one, by customer. */
function leadsOf(list: NewContact[], living: Contact[]): Map<number, number> {
  const withContacts = new Set(living.map(({ customer_id }) => customer_id))
  const leads = new Map<number, number>()
  for (const [index, { customer_id, values }] of list.entries()) {
    if (values.is_main || !withContacts.has(customer_id)) leads.set(customer_id, index)
    withContacts.add(customer_id)
  }
  return leads
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/** Saves a contact that still stands at `version`, throws Stale otherwise. Answers whether anything changed. */
export async function saveContact(trx: Knex, before: Contact, save: Save): Promise<boolean> {
  if (save.values.is_main && !before.is_main) await endMain(trx, before.customer_id, save.actor)
  const changes = await changeRecord(trx, contactKind, {
    before,
    derived: pinyinKeys({ ...before, ...save.values }),
    ...save,
  })
  if (changes.length > 0) {
    await indexWritten(trx, contactTexts, { before: [before], after: [{ ...before, ...save.values }] })
    await refreshCustomers(trx, [before.customer_id])
  }
  return changes.length > 0
}

const livingMains = (trx: Knex, customer_id: number): Knex.QueryBuilder =>
  trx('contacts').where({ customer_id, is_main: true }).whereNull('deleted_at')

/** Another contact becomes the main one: the former is changed like by hand, so that nobody overwrites it unseen. */
async function endMain(trx: Knex, customerId: number, actor: Actor) {
  const main: Contact | undefined = await livingMains(trx, customerId).first()
  if (main) await unsetMain(trx, main, actor)
}

async function unsetMain(trx: Knex, contact: Contact, actor: Actor) {
  const version = contact.version + 1
  await trx('contacts').where({ id: contact.id }).update({ is_main: false, version })
  const change = { field: 'is_main', before: true, after: false, beforeText: text.form.yes, afterText: text.form.no }
  const event = { ...eventOf(contactKind, contact), action: 'update', record_version: version, changes: [change] }
  await recordEvent(trx, actor, event)
}

/** They are written with their main contact, and an empty code leaves the stored one or becomes the next number. */
export const contactWriting: Partial<Writing> = {
  async add({ trx, actor }, values) {
    const settings = await readSettings(trx)
    return { ...values, id: await addContact(trx, values.customer_id as number, values, { actor, settings }) }
  },
  save: ({ trx, actor, reference }, before, { version, values }) => {
    const code = values.code ?? before.code ?? null
    return saveContact(trx, before as Contact, { version, values: { ...values, code }, actor, reference })
  },
}

/** What becomes of the main contact when one comes back. */
export const contactHooks: Hooks = {
  /** No longer as the main one when there is another now. */
  async restored(trx, contact, actor) {
    const { id, customer_id, is_main, version } = contact as Contact
    const other = is_main && (await livingMains(trx, customer_id).whereNot({ id }).first('id'))
    if (other) await unsetMain(trx, { ...(contact as Contact), version: version + 1 }, actor)
  },
}

/** They are found, and known again, by their customers. */
export function deriveContacts(trx: Knex, { before = [], after = [] }: Written) {
  const living = [...before, ...after].filter(isLiving) as Contact[]
  return refreshCustomers(trx, [...new Set(living.map(({ customer_id }) => customer_id))])
}

/** Removes living contacts for good; the history stays. The caller has compared their versions. */
export async function eraseContacts(trx: Knex, contacts: Contact[], actor: Actor) {
  const ids = contacts.map(({ id }) => id)
  await tellErased(trx, contactKind.table, ids)
  await trx('contacts').whereIn('id', ids).delete()
  await indexWritten(trx, contactTexts, { before: contacts })
  for (const contact of contacts)
    await recordEvent(trx, actor, {
      ...eventOf(contactKind, contact),
      action: 'purge',
      record_version: contact.version + 1,
    })
  await refreshCustomers(trx, [...new Set(contacts.map(({ customer_id }) => customer_id))])
}
