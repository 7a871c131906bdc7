import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { startOfDay, today } from '../../kernel/china/clock.ts'
import type { DeskSection } from '../../kernel/desk/sections.ts'
import { visibleRows } from '../../kernel/modules/rows.ts'
import { turned, turningCell } from '../../kernel/modules/turning.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { dueCell } from './todo.ts'

const t = text.todos
const most = 20

/** One's own that are due today, and the late ones, which are carried over; each is done at a click. */
export async function deskTodos(db: Knex, { viewer }: FastifyRequest): Promise<DeskSection | undefined> {
  if (!viewer.can('todos.view')) return undefined
  const due = () =>
    visibleRows(db, turned('todos'), viewer)
      .where({ 'todos.owner_id': viewer.id, 'todos.state': 'open' })
      .where('todos.due_at', '<', startOfDay(today(), 1))
  const rows = await due().orderBy('todos.due_at').orderBy('todos.id').limit(most).select('todos.*')
  if (rows.length === 0) return undefined
  const [{ count }] = rows.length < most ? [{ count: rows.length }] : await due().count({ count: '*' })
  const total = Number(count)
  const shown = []
  for (const row of rows)
    shown.push({
      id: row.id,
      cells: [
        { text: String(row.subject), href: `/todos/${row.id}` },
        dueCell(row),
        { text: t.priorities[row.priority as 'high'], ...(row.priority === 'high' && { tone: 'orange' }) },
        await turningCell(db, viewer, 'todos', row),
      ],
    })
  return {
    title: t.desk(showCount(total)),
    columns: (['subject', 'due_at', 'priority'] as const)
      .map((name): DeskSection['columns'][number] => ({ name, label: t.fields[name] }))
      .concat({ name: 'turning', label: text.turning.act }),
    rows: shown,
    note: total > most ? t.firstOnly(most) : null,
    allHref: `/todos?owner_id=${viewer.id}&state=open`,
    empty: '',
  }
}
