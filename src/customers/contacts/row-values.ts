import type { Knex } from 'knex'
import { personPinyin } from '../../kernel/china/pinyin.ts'
import { insertAll } from '../../kernel/db/dialect.ts'
import { eventRow } from '../../kernel/history/history.ts'
import { indexWritten } from '../../kernel/modules/text-index.ts'
import { codesFor, insertCoded } from '../../kernel/numbers.ts'
import type { Settings } from '../../kernel/settings/settings.ts'
import type { Values } from '../../kernel/web/form.ts'
import { eventOf } from '../../kernel/web/record.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { contactFields } from './fields.ts'
import { contactKind, contactTexts } from './kind.ts'

/** `spelled` where it was computed before. */
export type NewContact = { customer_id: number; values: Values; spelled?: ReturnType<typeof pinyinKeys> | undefined }

const noFields = Object.fromEntries(contactFields.map(({ name }) => [name, null]))

/** The columns a contact is sorted and found by. */
export function pinyinKeys({ name }: Values) {
  const { full, initials } = personPinyin(String(name))
  return { name_pinyin: full, name_initials: initials }
}

/**
 * Inserts contacts with their codes and history, as they are marked; the search and the keys of their customers are left
 * to the caller. Answers their ids, in order.
 */
export async function insertContacts(
  trx: Knex,
  list: NewContact[],
  { actor, settings }: { actor: Actor; settings: Settings },
): Promise<number[]> {
  if (list.length === 0) return []
  const given = list.map(({ values: { code } }) => code)
  const codes = await codesFor(trx, 'contacts', given, settings.contactCodePattern)
  const now = new Date().toISOString()
  const stamps = { created_at: now, updated_at: now, deleted_at: null, version: 1 }
  const rows = list.map(({ customer_id, values, spelled = pinyinKeys(values) }, index) => ({
    ...noFields,
    ...values,
    ...spelled,
    ...stamps,
    is_main: Boolean(values.is_main),
    customer_id,
    code: codes[index] as string,
  }))
  const ids = await insertCoded(trx, 'contacts', rows)
  await indexWritten(trx, contactTexts, { after: rows.map((row, index) => ({ ...row, id: ids[index] as number })) })
  const event = ({ values: { name } }: NewContact, index: number) =>
    eventRow(actor, { ...eventOf(contactKind, { id: ids[index], name }), action: 'create', record_version: 1 })
  await insertAll(trx, 'events', list.map(event))
  return ids
}
