import { startOfDay } from '../../kernel/china/clock.ts'
import { inPeriod } from '../../kernel/db/period.ts'
import { maskedChanges } from '../../kernel/web/change-mask.ts'
import { showSecond } from '../../kernel/web/formatting.ts'
import type { Action, Column, Filter, List, Row } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { actionLabel, contentText, type Entry, recordText } from './entry.ts'
import { kindLabel, kinds } from './kinds.ts'
import { recordFilter } from './record-filter.ts'

const { fields: labels, ...texts } = text.auditLog
const nobody = 'none'
/** A cell of a spreadsheet holds 32,767 signs. */
const longestContent = 30_000
const longestShown = 200

const entryOf = (row: Row) => row as unknown as Entry

const cut = (shown: string) =>
  [...shown].length > longestShown ? `${[...shown].slice(0, longestShown).join('')}…` : shown

const columns: Column[] = [
  {
    name: 'occurred_at',
    label: labels.occurred_at,
    kind: 'text',
    sort: 'events.id',
    cell: (row) => ({ text: showSecond(entryOf(row).occurred_at), href: `/audit-log/${row.id}` }),
  },
  {
    name: 'user_id',
    label: labels.user_id,
    kind: 'text',
    cell: (row) => ({ text: entryOf(row).user_name ?? '' }),
  },
  { name: 'address', label: labels.address, kind: 'text', cell: (row) => ({ text: entryOf(row).address ?? '' }) },
  { name: 'action', label: labels.action, kind: 'text', cell: (row) => ({ text: actionLabel(entryOf(row).action) }) },
  {
    name: 'record_type',
    label: labels.record_type,
    kind: 'text',
    cell: (row) => ({ text: kindLabel(entryOf(row).record_type) }),
  },
  { name: 'record', label: labels.record, kind: 'text', cell: (row) => ({ text: recordText(entryOf(row)) }) },
  {
    name: 'changes',
    label: labels.changes,
    kind: 'text',
    cell: (row) => {
      const content = contentText(entryOf(row))
      return { text: cut(content), title: content.slice(0, 500) }
    },
    value: (row) => contentText(entryOf(row)).slice(0, longestContent),
  },
]

const { share: _never, ...logged } = text.actions

const filters: Filter[] = [
  {
    name: 'user_id',
    label: labels.user_id,
    kind: 'choice',
    options: (reference) => [
      ...reference.people.map(({ id, name, username }) => ({
        value: String(id),
        label: name === username ? name : `${name} ${username}`,
      })),
      { value: nobody, label: texts.nobody },
    ],
    apply: (query, value) =>
      value === nobody ? query.whereNull('events.user_id') : query.where('events.user_id', Number(value)),
  },
  {
    name: 'action',
    label: labels.action,
    kind: 'choice',
    options: () => Object.entries(logged).map(([value, label]) => ({ value, label })),
    apply: (query, value) => query.where('events.action', value),
  },
  {
    name: 'occurred_on',
    label: labels.occurred_at,
    kind: 'days',
    column: 'events.occurred_at',
    apply: (query, { from, to }) =>
      inPeriod(query, 'events', 'occurred_at', {
        from: from && startOfDay(from),
        before: to && startOfDay(to, 1),
      }),
  },
  {
    name: 'record_type',
    label: labels.record_type,
    kind: 'choice',
    options: kinds,
    apply: (query, value) => query.where('events.record_type', value),
  },
  recordFilter,
]

/** Everything that was done, newest first. Nothing here changes or deletes an entry. */
export const auditLogList: List = {
  path: '/audit-log',
  title: texts.title,
  permissions: { view: 'audit_log.view', print: 'audit_log.print', export: 'audit_log.export' },
  table: 'events',
  columns,
  filters,
  mask: (row, viewer) => ({ ...row, changes: maskedChanges(entryOf(row).record_type, entryOf(row).changes, viewer) }),
  order: { column: 'events.id', order: 'desc' },
  rows: (db) =>
    db('events').select(
      'events.id',
      'events.occurred_at',
      'events.user_id',
      'events.user_name',
      'events.address',
      'events.action',
      'events.record_type',
      'events.record_id',
      'events.record_version',
      'events.record_name',
      'events.changes',
    ),
  actions: (request) => {
    const all: (Action & { isThere: boolean })[] = [
      {
        label: texts.verification.action,
        href: '/audit-log/verification',
        kind: 'plain',
        isThere: request.can('audit_log.verify'),
      },
      {
        label: texts.cleanup.action,
        href: '/audit-log/cleanup',
        kind: 'plain',
        isThere: request.can('audit_log.cleanup'),
      },
    ]
    return all.filter(({ isThere }) => isThere)
  },
  empty: () => ({ text: texts.empty }),
}
