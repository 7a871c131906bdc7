import type { Knex } from 'knex'
import { personPinyin } from '../china/pinyin.ts'
import { insertAll, insertReturning } from '../db/dialect.ts'
import { eventRow } from '../history.ts'
import { newCodes } from '../numbers.ts'
import type { Settings } from '../settings.ts'
import type { Values } from '../web/form.ts'
import { eventOf } from '../web/record.ts'
import type { Actor } from '../web/session.ts'
import { contactFields } from './fields.ts'
import { contactKind } from './kind.ts'

export type NewContact = { customer_id: number; values: Values }
export type ContactRow = Values & { id: number; customer_id: number; code: string; name: string }

const noFields = Object.fromEntries(contactFields.map(({ name }) => [name, null]))

/** The columns a contact is sorted and found by. */
export function pinyinKeys({ name }: Values) {
  const { full, initials } = personPinyin(String(name))
  return { name_pinyin: full, name_initials: initials }
}

/**
 * Inserts contacts with their codes and history, as they are marked; the search and the keys of their customers are left
 * to the caller. Answers the rows with their ids, in order.
 */
export async function insertContacts(
  trx: Knex,
  list: NewContact[],
  { actor, settings }: { actor: Actor; settings: Settings },
): Promise<ContactRow[]> {
  if (list.length === 0) return []
  const codes = await codesFor(trx, list, settings.contactCodePattern)
  const now = new Date().toISOString()
  const stamps = { created_at: now, updated_at: now, deleted_at: null, version: 1 }
  const rows = list.map(({ customer_id, values }, index) => ({
    ...noFields,
    ...values,
    ...('name_pinyin' in values ? {} : pinyinKeys(values)),
    ...stamps,
    is_main: Boolean(values.is_main),
    customer_id,
    code: codes[index] as string,
  }))
  const made = await withIds(trx, rows as (Omit<ContactRow, 'id'> & { code: string })[])
  const event = (row: ContactRow) =>
    eventRow(actor, { ...eventOf(contactKind, row), action: 'create', record_version: 1 })
  await insertAll(trx, 'events', made.map(event))
  return made
}

async function codesFor(trx: Knex, list: NewContact[], pattern: string): Promise<string[]> {
  const given = list.flatMap(({ values: { code } }) => (code ? [String(code)] : []))
  const made = await newCodes(trx, 'contacts', { count: list.length - given.length, pattern, given })
  return list.map(({ values: { code } }) => (code || made.shift()) as string)
}

async function withIds(trx: Knex, rows: (Omit<ContactRow, 'id'> & { code: string })[]): Promise<ContactRow[]> {
  const idByCode = new Map<string, number>()
  const made = await insertReturning<{ id: number; code: string }>(trx, 'contacts', rows, ['id', 'code'])
  for (const { id, code } of made) idByCode.set(code, id)
  return rows.map((row) => ({ ...row, id: idByCode.get(row.code) as number })) as ContactRow[]
}
