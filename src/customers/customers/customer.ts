import type { Knex } from 'knex'
import { saveLinked } from '../../kernel/modules/linked.ts'
import type { Permission } from '../../kernel/permissions.ts'
import type { Reference } from '../../kernel/reference.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changeRecord, type RecordKind } from '../../kernel/web/record.ts'
import { forbidden, notFound } from '../../kernel/web/refusal.ts'
import { inScope, scopedTo } from '../../kernel/web/scope.ts'
import type { Actor } from '../../kernel/web/session.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { viewRight } from '../../kernel/web/viewers.ts'
import { text } from '../../texts/index.ts'
import { deriveCustomers } from './derived.ts'
import { customerFields } from './fields.ts'
import { pinyinKeys } from './row-values.ts'
import { withLivingTags, withTags } from './tags.ts'

/** A row of customers, and its tags where it was read with them (customers/customers/tags.ts). */
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
): Knex.QueryBuilder => scopedTo(db, livingCustomers(db), 'customers.owner_id', viewer.scope(permission))

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
  if (!customer || !inScope(viewer.scope(viewRight(permission)), customer.owner_id)) throw notFound()
  if (!inScope(viewer.scope(permission), customer.owner_id)) throw forbidden()
  return customer
}

async function livingCustomer(db: Knex, id: number): Promise<Customer | undefined> {
  const customer = await livingCustomers(db).where('customers.id', id).first()
  return customer && (await withTags<Customer>(db, [customer]))[0]
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
  const derived = pinyinKeys({ ...before, ...living })
  const after = { ...before, ...living, ...derived }
  const change = { before, version, values: living, derived, actor, reference }
  const changes = await changeRecord(trx, customerKind, change)
  if (changes.length === 0) return false
  await saveLinked(trx, { fields: customerFields }, after, before)
  await deriveCustomers(trx, { before: [before], after: [after] })
  return true
}
