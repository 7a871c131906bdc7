import type { Knex } from 'knex'
import { hasSameKeys } from '../china/customer-keys.ts'
import { insertContacts } from '../contacts/new-rows.ts'
import { insertAll } from '../db/dialect.ts'
import { reindexCustomers, unindexCustomers } from '../db/search.ts'
import { addKeys, rekeyCustomers } from '../duplicates/keys.ts'
import { eventRow } from '../history.ts'
import { newCodes } from '../numbers.ts'
import type { Permission } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import type { Settings } from '../settings.ts'
import { text } from '../texts/index.ts'
import type { Values } from '../web/form.ts'
import { reaches, within } from '../web/reach.ts'
import { changeRecord, eventOf, type RecordKind } from '../web/record.ts'
import { forbidden, notFound } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'
import { type Viewer, viewRight } from '../web/viewer.ts'
import { customerFields } from './fields.ts'
import { insertRows, newRow, pinyinKeys } from './new-rows.ts'
import { searchRecord, searchRecords } from './search-record.ts'
import { addTags, changeTags, withLivingTags, withTags } from './tags.ts'
import { tally } from './tallies.ts'

/** A row of customers, and its tags where it was read with them (customers/tags.ts). */
export type Customer = {
  id: number
  code: string
  name: string
  version: number
  deleted_at: string | null
  tag_ids?: string | null
} & Record<string, unknown>

export const customerKind: RecordKind = {
  table: 'customers',
  fields: customerFields,
  nameOf: (row) => String(row.name),
  parts: { ...text.files.kinds, ...text.mail.facts, reason: text.transfers.reason },
}

/** The customers outside the recycle bin, whoever may see them: for saving what was found through `visibleCustomers`. */
const livingCustomers = (db: Knex): Knex.QueryBuilder => db('customers').whereNull('customers.deleted_at')

/** The customers that a right of this person reaches: lists, cards, counts, searches and files start from here. */
export const visibleCustomers = (
  db: Knex,
  viewer: Viewer,
  permission: Permission = 'customers.view',
): Knex.QueryBuilder => within(db, livingCustomers(db), 'customers.owner_id', viewer.reach(permission))

/**
 * The customer with its tags. One that is missing, deleted or not to be seen by this person is a 404, which looks the
 * same; one that may be seen but is not reached by the right is a 403.
 */
export async function findCustomer(
  db: Knex,
  viewer: Viewer,
  id: number,
  permission: Permission = 'customers.view',
): Promise<Customer> {
  const customer = await livingCustomer(db, id)
  if (!customer || !reaches(viewer.reach(viewRight(permission)), customer.owner_id)) throw notFound()
  if (!reaches(viewer.reach(permission), customer.owner_id)) throw forbidden()
  return customer
}

async function livingCustomer(db: Knex, id: number): Promise<Customer | undefined> {
  const customer = await livingCustomers(db).where('customers.id', id).first()
  return customer && (await withTags<Customer>(db, [customer]))[0]
}

type Maker = { actor: Actor; settings: Settings }

/** Adds one customer; its code is made by the pattern of the settings where none is given. Answers its id. */
export async function addCustomer(trx: Knex, values: Values, maker: Maker): Promise<number> {
  const [id] = await addCustomers(trx, [values], maker)
  return id as number
}

/**
 * Adds many customers in the caller's transaction, with numbers, search, tallies and history; with each its main contact
 * where there is one. Answers their ids in order.
 */
export async function addCustomers(
  trx: Knex,
  typed: Values[],
  { actor, settings }: Maker,
  mainContacts: (Values | null | undefined)[] = [],
): Promise<number[]> {
  const list = await withLivingTags(trx, typed)
  const codes = await codesFor(trx, list, settings.customerCodePattern)
  const rows = list.map((values, index) => newRow({ ...values, code: codes[index] as string }))
  const inserted = await insertRows(trx, rows)
  const customers = inserted.map((row, index) => ({ ...row, tag_ids: list[index]?.tag_ids }))
  await addTags(trx, customers)
  const first = customers.flatMap(({ id }, index) => {
    const values = mainContacts[index]
    return values ? [{ customer_id: id, values: { ...values, is_main: true } }] : []
  })
  const contacts = Map.groupBy(await insertContacts(trx, first, { actor, settings }), (row) => row.customer_id)
  await reindexCustomers(
    trx,
    customers.map((customer) => ({
      id: customer.id,
      record: searchRecord(customer, (contacts.get(customer.id) ?? []) as never[]),
    })),
  )
  const withContacts = customers.map((customer) => ({ ...customer, contacts: contacts.get(customer.id) ?? [] }))
  await addKeys(trx, withContacts, settings.areaCode)
  await tally(trx, { added: customers })
  const created = { action: 'create', record_version: 1 }
  await insertAll(
    trx,
    'events',
    customers.map((customer) => eventRow(actor, { ...eventOf(customerKind, customer), ...created })),
  )
  return customers.map(({ id }) => id)
}

async function codesFor(trx: Knex, list: Values[], pattern: string): Promise<string[]> {
  const given = list.flatMap(({ code }) => (code ? [String(code)] : []))
  const made = await newCodes(trx, 'customers', { count: list.length - given.length, pattern, given })
  return list.map(({ code }) => (code || made.shift()) as string)
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/** Saves a customer that still stands at `version`, throws Stale otherwise. Answers whether anything changed. */
export async function saveCustomer(
  trx: Knex,
  id: number,
  { version, values, actor, reference }: Save,
): Promise<boolean> {
  const before = await livingCustomer(trx, id)
  if (!before) throw notFound()
  const [living = values] = await withLivingTags(trx, [values])
  const after = { ...before, ...living }
  const change = { before, version, values: living, derived: pinyinKeys(after), actor, reference }
  const changes = await changeRecord(trx, customerKind, change)
  if (changes.length === 0) return false
  await changeTags(trx, before, after)
  await tally(trx, { added: [after], removed: [before] })
  await refreshCustomers(trx, [id], { isKeyed: hasSameKeys(before, after) })
  return true
}

const atOnce = 500

/**
 * Puts what customers are found by anew, in the search and among duplicates, after they or their contacts changed;
 * `isKeyed` where the keys of the duplicates still hold.
 */
export async function refreshCustomers(trx: Knex, ids: number[], { isKeyed = false } = {}) {
  for (let at = 0; at < ids.length; at += atOnce) {
    const some = ids.slice(at, at + atOnce)
    if (!isKeyed) await rekeyCustomers(trx, some)
    const records = await searchRecords(trx, some)
    await reindexCustomers(trx, records)
    const living = new Set(records.map(({ id }) => id))
    const others = some.filter((id) => !living.has(id))
    if (others.length > 0) await unindexCustomers(trx, others)
  }
}
