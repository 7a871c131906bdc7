import { showInstant } from '../../kernel/web/formatting.ts'
import type { List } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { asHeading } from './merge.ts'

const t = text.mail

/** What one has written and not sent yet. */
export const draftList: List = {
  path: '/mail/drafts',
  title: t.drafts,
  permissions: { view: 'mail.create' },
  table: 'mailings',
  columns: [
    {
      name: 'subject',
      label: t.fields.subject,
      kind: 'text',
      cell: (row) => ({ text: asHeading(String(row.subject)), href: `/mailings/${row.id}` }),
    },
    {
      name: 'created_at',
      label: t.fields.created_at,
      kind: 'instant',
      cell: (row) => ({ text: showInstant(row.created_at as string) }),
    },
  ],
  filters: [],
  order: { column: 'mailings.id', order: 'desc' },
  rows: (db, viewer) =>
    db('mailings')
      .where({ user_id: viewer.id })
      .whereNull('started_at')
      .select('mailings.id', 'mailings.subject', 'mailings.created_at'),
  empty: () => ({ text: t.empty }),
}
