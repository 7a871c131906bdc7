import { showInstant } from '../../kernel/web/formatting.ts'
import type { Cell } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'

type Row = Record<string, unknown>

export const isLate = ({ state, due_at }: Row, now = new Date().toISOString()) =>
  state === 'open' && String(due_at) < now

/** When it is due; late ones say so. */
export const dueCell = (row: Row): Cell => {
  const due = showInstant(row.due_at as string)
  return isLate(row) ? { text: text.todos.late(due), tone: 'red' } : { text: due }
}
