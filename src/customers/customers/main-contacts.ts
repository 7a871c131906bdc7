import type { Knex } from 'knex'
import { whereIdIn } from '../../kernel/db/dialect.ts'
import type { Column, Row } from '../../kernel/web/list.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import { phoneCell } from '../../kernel/web/phone-cell.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { visibleContacts } from '../contacts/contact.ts'
import { contactFields } from '../contacts/fields.ts'
import { seesContacts } from '../contacts/sees.ts'

type Main = { id: number; customer_id: number; name: string; mobile: string | null }
const mainOf = (row: Row) => row.main_contact as Main | undefined

/** The main contact and how to call, as columns to be chosen; empty for who may not see it. */
export const mainContactColumns: Column[] = [
  {
    name: 'main_contact',
    label: text.customers.mainContact,
    kind: 'text',
    isHidden: true,
    sort: 'customers.main_name_pinyin',
    ordersFor: seesContacts,
    needs: [],
    cell: (row) => {
      const main = mainOf(row)
      return main ? { text: main.name, href: `/customers/${main.customer_id}/contacts/${main.id}` } : { text: '' }
    },
  },
  {
    name: 'main_mobile',
    label: text.customers.mainMobile,
    kind: 'text',
    isHidden: true,
    sort: 'customers.main_mobile',
    mask: 'phone',
    ordersFor: seesContacts,
    needs: [],
    cell: (row) => phoneCell(mainOf(row)?.mobile ?? ''),
  },
]

/** Rows of customers with their main contacts as this person may read them. */
export async function withMainContacts(db: Knex, viewer: Viewer, rows: Row[]): Promise<Row[]> {
  const mains: Main[] = await whereIdIn(
    visibleContacts(db, viewer).where('contacts.is_main', true),
    'contacts.customer_id',
    rows.map(({ id }) => id),
  ).select('contacts.id', 'contacts.customer_id', 'contacts.name', 'contacts.mobile')
  const read = new Map(mains.map((main) => [main.customer_id, maskRow(main, contactFields, viewer)]))
  return rows.map((row) => ({ ...row, main_contact: read.get(row.id) }))
}
