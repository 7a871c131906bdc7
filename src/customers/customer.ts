import type { Knex } from 'knex'
import { companyPinyin, personPinyin } from '../china/pinyin.ts'
import { insertAll } from '../db/dialect.ts'
import { indexCustomer, reindexCustomers, unindexCustomer } from '../db/search.ts'
import { eventRow, recordEvent } from '../history.ts'
import { numbered, reserveNumbers } from '../numbers.ts'
import type { Reference } from '../reference.ts'
import type { Settings } from '../settings.ts'
import type { Values } from '../web/form.ts'
import { changeRecord, eventOf, markDeleted, type RecordKind } from '../web/record.ts'
import { notFound } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'
import { today } from '../web/show.ts'
import { customerFields } from './fields.ts'
import { searchRecord, searchRecords } from './search-record.ts'
import { tally } from './tallies.ts'

export type Customer = { id: number; code: string; name: string; version: number; deleted_at: string | null } & Record<
  string,
  unknown
>

export const customerKind: RecordKind = {
  table: 'customers',
  fields: customerFields,
  nameOf: (row) => String(row.name),
}

/** Customers that are not in the recycle bin. Issue 4 narrows it to what a person may see; everything starts from here. */
export const visibleCustomers = (db: Knex): Knex.QueryBuilder => db('customers').whereNull('customers.deleted_at')

/** The customer, or a refusal that looks the same whether it is missing, deleted or not for this person. */
export async function findCustomer(db: Knex, id: number): Promise<Customer> {
  const customer = await visibleCustomers(db).where('customers.id', id).first()
  if (!customer) throw notFound()
  return customer
}

type Maker = { actor: Actor; settings: Settings }

/** Adds one customer; its code is made by the pattern of the settings where none is given. Answers its id. */
export async function addCustomer(trx: Knex, values: Values, maker: Maker): Promise<number> {
  const [id] = await addCustomers(trx, [values], maker)
  return id as number
}

/** Adds many customers in the caller's transaction, with numbers, search, tallies and history. Answers their ids in order. */
export async function addCustomers(trx: Knex, list: Values[], { actor, settings }: Maker): Promise<number[]> {
  const codes = await codesFor(trx, list, settings.customerCodePattern)
  const rows = list.map((values, index) => newRow({ ...values, code: codes[index] as string }))
  const idByCode = await insertReturning(trx, rows)
  const customers = rows.map((row) => ({ ...row, id: idByCode.get(row.code) as number }))
  await reindexCustomers(
    trx,
    customers.map((customer) => ({ id: customer.id, record: searchRecord(customer, []) })),
  )
  await tally(trx, { added: customers })
  await insertAll(
    trx,
    'events',
    customers.map((customer) =>
      eventRow(actor, { ...eventOf(customerKind, customer), action: 'create', record_version: 1 }),
    ),
  )
  return customers.map(({ id }) => id)
}

async function insertReturning(trx: Knex, rows: Record<string, unknown>[]): Promise<Map<unknown, number>> {
  const idByCode = new Map<unknown, number>()
  const size = Math.floor(2000 / Object.keys(rows[0] ?? { id: 0 }).length)
  for (let at = 0; at < rows.length; at += size) {
    const made: { id: number; code: string }[] = await trx('customers')
      .insert(rows.slice(at, at + size))
      .returning(['id', 'code'])
    for (const { id, code } of made) idByCode.set(code, id)
  }
  return idByCode
}

async function codesFor(trx: Knex, list: Values[], pattern: string): Promise<string[]> {
  const missing = list.filter(({ code }) => !code).length
  const made = missing ? await freeCodes(trx, missing, pattern) : []
  return list.map(({ code }) => (code as string | null) ?? (made.shift() as string))
}

/** Codes that nobody typed by hand before. */
async function freeCodes(trx: Knex, count: number, pattern: string): Promise<string[]> {
  const first = await reserveNumbers(trx, 'customers', count)
  const codes = Array.from({ length: count }, (_, index) => numbered(pattern, first + index, today()))
  const taken = new Set<string>()
  for (let at = 0; at < codes.length; at += 500) {
    for (const code of await trx('customers')
      .whereIn('code', codes.slice(at, at + 500))
      .pluck('code'))
      taken.add(code)
  }
  const free = codes.filter((code) => !taken.has(code))
  return taken.size === 0 ? free : [...free, ...(await freeCodes(trx, taken.size, pattern))]
}

const noFields = Object.fromEntries(customerFields.map(({ name }) => [name, null]))

type NewRow = Values & { code: string }

function newRow(values: NewRow): NewRow {
  const now = new Date().toISOString()
  return {
    ...noFields,
    ...values,
    ...pinyinKeys(values),
    created_at: now,
    updated_at: now,
    deleted_at: null,
    version: 1,
  }
}

function pinyinKeys({ name, kind }: Values) {
  const { full, initials } = (kind === 'person' ? personPinyin : companyPinyin)(String(name))
  return { name_pinyin: full, name_initials: initials }
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/** Saves a customer that still stands at `version`, throws Stale otherwise. Answers whether anything changed. */
export async function saveCustomer(
  trx: Knex,
  before: Customer,
  { version, values, actor, reference }: Save,
): Promise<boolean> {
  const kept = { ...values, code: values.code ?? before.code }
  const after = { ...before, ...kept }
  const changes = await changeRecord(trx, customerKind, {
    before,
    version,
    values: kept,
    derived: pinyinKeys(after),
    actor,
    reference,
  })
  if (changes.length === 0) return false
  await tally(trx, { added: [after], removed: [before] })
  await reindexCustomer(trx, before.id)
  return true
}

/** Puts what can be searched of a customer anew, after it or its contacts changed. */
export async function reindexCustomer(trx: Knex, id: number) {
  const [found] = await searchRecords(trx, [id])
  if (found) await indexCustomer(trx, id, found.record)
  else await unindexCustomer(trx, id)
}

/** Moves a customer with its contacts into the recycle bin. */
export async function deleteCustomer(trx: Knex, customer: Customer, actor: Actor) {
  const deleted_at = new Date().toISOString()
  await markDeleted(trx, customerKind, customer, deleted_at, actor)
  await trx('contacts').where({ customer_id: customer.id }).whereNull('deleted_at').update({ deleted_at })
  await tally(trx, { removed: [customer] })
  await unindexCustomer(trx, customer.id)
}

/** Takes a customer out of the recycle bin, with the contacts that went there with it. */
export async function restoreCustomer(trx: Knex, customer: Customer, actor: Actor) {
  await markDeleted(trx, customerKind, customer, null, actor)
  await trx('contacts')
    .where({ customer_id: customer.id, deleted_at: customer.deleted_at })
    .update({ deleted_at: null })
  await tally(trx, { added: [customer] })
  await reindexCustomer(trx, customer.id)
}

/** Removes a customer of the recycle bin for good, with all its contacts; the history stays. */
export async function purgeCustomer(trx: Knex, customer: Customer, actor: Actor) {
  await trx('contacts').where({ customer_id: customer.id }).delete()
  await trx('customers').where({ id: customer.id }).delete()
  await recordEvent(trx, actor, {
    ...eventOf(customerKind, customer),
    action: 'purge',
    record_version: customer.version + 1,
  })
}
