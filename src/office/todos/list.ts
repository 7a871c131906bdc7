import type { FastifyRequest } from 'fastify'
import { today } from '../../kernel/china/clock.ts'
import type { Action, Column, List, Row } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { daysLater } from './recurrence.ts'
import { dueCell, mayChange, turning } from './todo.ts'

const t = text.todos

/** What is done to each row; who may not sees nothing there. */
const actColumn: Column = {
  name: 'turning',
  label: t.act,
  kind: 'text',
  permission: 'todos.update',
  needs: ['id', 'state', 'owner_id', 'giver_id'],
  cell: (row) => (row.may_change ? { text: turning(row).label, act: turning(row).href } : { text: '' }),
}

/** By when it is due, with one's own, those given to others, and the late ones at a click. */
export const todoList = (list: List): List => ({
  ...list,
  order: { column: 'todos.due_at', order: 'asc', isFilled: true },
  columns: [
    ...list.columns.map((column) =>
      column.name === 'due_at' ? { ...column, cell: dueCell, needs: ['due_at', 'state'] } : column,
    ),
    actColumn,
  ],
  async complete(db, rows, columns, viewer) {
    const completed = (await list.complete?.(db, rows, columns, viewer)) ?? rows
    const marked: Row[] = []
    for (const row of completed) marked.push({ ...row, may_change: await mayChange(db, viewer, row) })
    return marked
  },
  actions: (request) => [...(list.actions?.(request) ?? []), ...ways(request)],
})

function ways({ viewer }: FastifyRequest): Action[] {
  const kind = 'plain'
  return [
    { label: t.mine, href: `/todos?owner_id=${viewer.id}&state=open`, kind },
    { label: t.given, href: `/todos?giver_id=${viewer.id}&state=open`, kind },
    { label: t.lateOnes, href: `/todos?state=open&due_at_to=${daysLater(today(), -1)}`, kind },
  ]
}
