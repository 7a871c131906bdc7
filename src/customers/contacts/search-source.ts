import type { SearchSource } from '../../kernel/search/source.ts'
import { contactField } from './fields.ts'
import { contactList } from './list.ts'
import { contactPath } from './path.ts'

/** The contacts, as the box on top searches them. */
export const contactSource: SearchSource = {
  list: contactList,
  title: 'name',
  href: contactPath,
  beside: ['customer_id', 'position'],
  fields: (['nickname', 'code', 'mobile', 'office_phone', 'home_phone', 'address'] as const).map(contactField),
  codes: ['code_key'],
}
