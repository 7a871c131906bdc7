import type { Knex } from 'knex'
import { normalise } from '../../kernel/search/normalise.ts'
import type { SearchSource, Unexplained } from '../../kernel/search/source.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { visibleContacts } from '../contacts/contact.ts'
import { contactFields } from '../contacts/fields.ts'
import { customerField } from './fields.ts'
import { customerList } from './list.ts'

/** The customers, as the box on top searches them: what is found of a contact is said of its customer. */
export const customerSource: SearchSource = {
  list: customerList,
  title: 'name',
  href: ({ id }) => `/customers/${id}`,
  beside: ['code', 'owner_id'],
  fields: (['short_name', 'code', 'phone', 'phone2', 'mobile', 'fax', 'address'] as const).map(customerField),
  codes: ['code_key'],
  reasons: contactReasons,
}

const names = ['name', 'nickname', 'name_pinyin', 'name_initials', 'address']
const phones = ['mobile', 'office_phone', 'home_phone']
/** Of the contacts of the few customers of a page so many are looked at. */
const mostContacts = 500

/** The contact by which a customer was found: 「联系人 王芳」. */
async function contactReasons(db: Knex, viewer: Viewer, unexplained: Unexplained[]): Promise<Map<number, string>> {
  if (!viewer.can('contacts.view')) return new Map()
  const rows: Record<string, unknown>[] = await visibleContacts(db, viewer)
    .whereIn(
      'contacts.customer_id',
      unexplained.map(({ id }) => id),
    )
    .orderBy('contacts.id')
    .limit(mostContacts)
    .select(['customer_id', ...names, ...phones].map((name) => `contacts.${name}`))
  const contacts = rows.map((row) => maskRow(row, contactFields, viewer))
  const reasons = new Map<number, string>()
  for (const { id, parts } of unexplained)
    for (const contact of contacts.filter(({ customer_id }) => customer_id === id))
      if (!reasons.has(id) && parts.some((part) => holds(contact, [...names, ...phones], part)))
        reasons.set(id, reasonOf(contact, parts))
  return reasons
}

const holds = (contact: Record<string, unknown>, columns: string[], part: string) =>
  columns.some((name) => normalise(String(contact[name] ?? '')).includes(part))

function reasonOf(contact: Record<string, unknown>, parts: string[]): string {
  const byPhone = phones.find((name) => parts.some((part) => holds(contact, [name], part)))
  const named = text.searching.reason(text.contacts.one, String(contact.name))
  return byPhone ? text.searching.reason(named, String(contact[byPhone])) : named
}
