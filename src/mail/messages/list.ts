import type { Knex } from 'knex'
import { startOfDay } from '../../kernel/china/clock.ts'
import { inPeriod } from '../../kernel/db/period.ts'
import { readEachAbove } from '../../kernel/modules/above.ts'
import { moduleNamed } from '../../kernel/modules/catalogue.ts'
import type { Module } from '../../kernel/modules/module.ts'
import type { Cell, Column, Filter, List, Row } from '../../kernel/web/list.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'

const t = text.mail

/** With the record that each hangs on, as this person may read it. */
async function withRecords(db: Knex, rows: Row[], _columns: Column[], viewer: Viewer): Promise<Row[]> {
  const records = await readEachAbove(db, moduleNamed('mail_messages') as Module, rows, viewer)
  return rows.map((row) => {
    const record = records.get(row.id as number)
    return { ...row, record: { text: record?.name ?? '', href: record?.href } }
  })
}

const record: Column = { name: 'record_id', label: t.fields.record, kind: 'text', cell: (row) => row.record as Cell }

const createdOn: Filter = {
  name: 'created_on',
  label: t.fields.created_at,
  kind: 'days',
  column: 'mail_messages.created_at',
  apply: (query, { from, to }) =>
    inPeriod(query, 'mail_messages', 'created_at', {
      from: from && startOfDay(from),
      before: to && startOfDay(to, 1),
    }),
}

const shown = ['subject', 'recipient_name', 'record_id', 'user_id', 'state', 'created_at', 'sent_at']

/** Nobody sorts them but by their age. */
const unsorted = ({ sort: _sort, parts: _parts, isFilled: _isFilled, ...column }: Column): Column => ({
  ...column,
  isHidden: false,
})

/** Every message at the records one may see, the newest first. */
export const messageList = (list: List): List => ({
  ...list,
  columns: shown.flatMap((name) => [record, ...list.columns].filter((column) => column.name === name).map(unsorted)),
  filters: [...list.filters, createdOn],
  order: { column: 'mail_messages.id', order: 'desc' },
  // They are never changed.
  conditions: (list.conditions ?? []).filter(({ name }) => name !== 'updated_at'),
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
