import type { Knex } from 'knex'
import { startOfDay } from '../../kernel/china/clock.ts'
import { inPeriod } from '../../kernel/db/period.ts'
import { readEachAbove } from '../../kernel/modules/above.ts'
import { moduleNamed } from '../../kernel/modules/catalogue.ts'
import type { Module } from '../../kernel/modules/module.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import type { Cell, Column, Filter, List, Row } from '../../kernel/web/list.ts'
import { peopleOptions } from '../../kernel/web/options.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import type { MessageState } from './message.ts'
import { stateCell } from './words.ts'

const t = text.mail

/** With the record that each hangs on, as this person may read it. */
async function withRecords(db: Knex, rows: Row[], _columns: Column[], viewer: Viewer): Promise<Row[]> {
  const records = await readEachAbove(db, moduleNamed('mail_messages') as Module, rows, viewer)
  return rows.map((row) => {
    const record = records.get(row.id as number)
    return { ...row, record: { text: record?.name ?? '', href: record?.href } }
  })
}

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
    name: 'record_id',
    label: t.fields.record,
    kind: 'text',
    cell: (row) => row.record as Cell,
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

/** Every message at the records one may see, the newest first. */
export const messageList = (list: List): List => ({
  ...list,
  columns,
  filters,
  order: { column: 'mail_messages.id', order: 'desc' },
  conditions: [],
  isAdjustable: false,
  selection: undefined,
  complete: withRecords,
  actions: (request) =>
    request.can('mail.create')
      ? [
          { label: t.drafts, href: '/mail/drafts', kind: 'plain' },
          { label: t.templatesLink, href: '/mail/templates', kind: 'plain' },
          { label: t.ownAccountLink, href: '/profile/mail', kind: 'plain' },
        ]
      : [],
  empty: () => ({ text: t.empty }),
})
