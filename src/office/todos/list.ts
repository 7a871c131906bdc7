import type { FastifyRequest } from 'fastify'
import { today } from '../../kernel/china/clock.ts'
import { withTurning } from '../../kernel/modules/turning.ts'
import type { Action, List } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { daysLater } from './recurrence.ts'
import { dueCell } from './todo.ts'

const t = text.todos

/** By when it is due, with one's own, those given to others, and the late ones at a click. */
export function todoList(list: List): List {
  const turnable = withTurning(list, 'todos')
  return {
    ...turnable,
    order: { column: 'todos.due_at', order: 'asc', isFilled: true },
    columns: turnable.columns.map((column) =>
      column.name === 'due_at' ? { ...column, cell: dueCell, needs: ['due_at', 'state'] } : column,
    ),
    actions: (request) => [...(list.actions?.(request) ?? []), ...ways(request)],
  }
}

function ways({ viewer }: FastifyRequest): Action[] {
  const kind = 'plain'
  return [
    { label: t.mine, href: `/todos?owner_id=${viewer.id}&state=open`, kind },
    { label: t.given, href: `/todos?giver_id=${viewer.id}&state=open`, kind },
    { label: t.lateOnes, href: `/todos?state=open&due_at_to=${daysLater(today(), -1)}`, kind },
  ]
}
