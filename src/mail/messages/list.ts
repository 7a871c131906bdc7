import { customerList } from '../../customers/customers/list.ts'
import { startOfDay } from '../../kernel/china/clock.ts'
import { inPeriod } from '../../kernel/db/period.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import type { Column, Filter, List } from '../../kernel/web/list.ts'
import { peopleOptions } from '../../kernel/web/options.ts'
import { text } from '../../texts/index.ts'
import { asHeading } from '../mailings/merge.ts'
import { type MessageState, visibleMessages } from './message.ts'
import { stateCell } from './words.ts'

const t = text.mail

const instant = (name: 'created_at' | 'sent_at'): Column => ({
  name,
  label: t.fields[name],
  kind: 'instant',
  cell: (row) => ({ text: showInstant(row[name] as string | null) }),
})

const columns: Column[] = [
  {
    name: 'subject',
    label: t.fields.subject,
    kind: 'text',
    cell: (row) => ({ text: String(row.subject), href: `/mail/${row.id}` }),
  },
  {
    name: 'recipient_name',
    label: t.fields.recipient,
    kind: 'text',
    cell: (row) => ({ text: String(row.recipient_name) }),
  },
  {
    name: 'customer_id',
    label: t.fields.customer,
    kind: 'text',
    cell: (row) => ({ text: String(row.customer_name), href: `${customerList.path}/${row.customer_id}` }),
  },
  {
    name: 'user_id',
    label: t.fields.sender,
    kind: 'text',
    cell: (row, reference) => ({ text: reference.person(row.user_id as number)?.name ?? '' }),
  },
  { name: 'state', label: t.fields.state, kind: 'text', cell: (row) => stateCell(row.state as MessageState) },
  instant('created_at'),
  instant('sent_at'),
]

const filters: Filter[] = [
  {
    name: 'state',
    label: t.fields.state,
    kind: 'choice',
    options: () => Object.entries(t.states).map(([value, label]) => ({ value, label })),
    apply: (query, value) => query.where('mail_messages.state', value),
  },
  {
    name: 'user_id',
    label: t.fields.sender,
    kind: 'choice',
    options: peopleOptions,
    apply: (query, value) => query.where('mail_messages.user_id', Number(value)),
  },
  {
    name: 'created_on',
    label: t.fields.created_at,
    kind: 'days',
    column: 'mail_messages.created_at',
    apply: (query, { from, to }) =>
      inPeriod(query, 'mail_messages', 'created_at', {
        from: from && startOfDay(from),
        before: to && startOfDay(to, 1),
      }),
  },
]

/** Every message to the customers one may see. */
export const mailList: List = {
  path: '/mail',
  title: t.title,
  permissions: { view: 'mail.view' },
  table: 'mail_messages',
  columns,
  filters,
  order: { column: 'mail_messages.id', order: 'desc' },
  rows: (db, viewer) =>
    visibleMessages(db, viewer).select(
      ...['id', 'customer_id', 'user_id', 'recipient_name', 'subject', 'state', 'created_at', 'sent_at'].map(
        (name) => `mail_messages.${name}`,
      ),
      'customers.name as customer_name',
    ),
  actions: (request) =>
    request.can('mail.create')
      ? [
          { label: t.drafts, href: '/mail/drafts', kind: 'plain' },
          { label: t.templatesLink, href: '/mail/templates', kind: 'plain' },
          { label: t.ownAccountLink, href: '/profile/mail', kind: 'plain' },
        ]
      : [],
  empty: () => ({ text: t.empty }),
}

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
    instant('created_at'),
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
