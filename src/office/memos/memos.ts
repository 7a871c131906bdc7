import { today } from '../../kernel/china/clock.ts'
import type { Module } from '../../kernel/modules/module.ts'
import { withTurning } from '../../kernel/modules/turning.ts'
import { dueCell } from '../../kernel/web/due.ts'
import { code, day, line, long } from '../../kernel/web/fields.ts'
import { text } from '../../texts/index.ts'

const { said, fields: labels, hints, open } = text.memos
const states = Object.entries(text.turning.states).map(([value, label]) => ({
  value,
  label,
  tone: value === 'done' ? 'green' : null,
}))

const all = ['view', 'create', 'update', 'delete', 'print'] as const

/** 「备忘提醒」 [S11]: one's own, shown on the workbench from their day on until they are ticked. */
export const memos: Module = {
  name: 'memos',
  path: '/memos',
  ...said,
  group: 'own',
  fields: [
    { name: 'subject', label: labels.subject, kind: line, max: 200, isRequired: true, isWide: true },
    {
      name: 'shown_on',
      label: labels.shown_on,
      hint: hints.shown_on,
      kind: day,
      isRequired: true,
      isFilter: true,
      column: {
        needs: ['shown_on', 'state'],
        cell: ({ shown_on, state }) => (state === 'open' ? dueCell(shown_on) : { text: String(shown_on) }),
      },
    },
    { name: 'state', label: labels.state, kind: code, options: () => states, isRequired: true, isFilter: true },
    { name: 'notes', label: labels.notes, kind: long, max: 4000, isWide: true, column: { isHidden: true } },
  ],
  short: ['subject', 'shown_on', 'notes'],
  title: 'subject',
  head: { marks: { state: labels.state }, next: 'shown_on' },
  owner: 'nobody',
  personal: 'user_id',
  acts: [...all],
  search: ['subject', 'notes'],
  bin: true,
  preset: { sales_manager: all, marketing: all, sales: all, service: all, finance: all, warehouse: all, user: all },
  list: (list) => ({
    ...withTurning(list, 'memos'),
    order: { column: 'memos.shown_on', order: 'asc', isFilled: true },
    actions: (request) => [
      ...(list.actions?.(request) ?? []),
      { label: open, href: '/memos?state=open', kind: 'plain' as const },
    ],
  }),
  hooks: { begin: async () => ({ shown_on: today(), state: 'open' }) },
}
