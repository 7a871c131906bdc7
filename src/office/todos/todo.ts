import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { moduleNamed } from '../../kernel/modules/catalogue.ts'
import type { Module } from '../../kernel/modules/module.ts'
import { askingFor, isReached } from '../../kernel/modules/reach.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import type { Cell } from '../../kernel/web/list.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'

const t = text.todos
type Row = Record<string, unknown>

/** The declaration, as it was taken up. */
export const todoModule = () => moduleNamed('todos') as Module

export const isLate = ({ state, due_at }: Row, now = new Date().toISOString()) =>
  state === 'open' && String(due_at) < now

/** When it is due; late ones say so. */
export const dueCell = (row: Row): Cell => {
  const due = showInstant(row.due_at as string)
  return isLate(row) ? { text: t.late(due), tone: 'red' } : { text: due }
}

/** Whether this person may say that it is done. */
export const mayChange = (db: Knex, viewer: Viewer, row: Row) =>
  isReached(db, todoModule(), askingFor(todoModule(), viewer, 'update'), row)

/** What says that one is done, or is not. */
export const turning = ({ id, state }: Row) =>
  state === 'open'
    ? { label: t.done, href: `/todos/${id}/completion` }
    : { label: t.reopened, href: `/todos/${id}/reopening` }

/** The page that a form was sent from, where that is one of ours; else another. */
export function cameFrom({ headers }: FastifyRequest, otherwise: string): string {
  const { referer = '' } = headers
  if (!URL.canParse(referer)) return otherwise
  const { pathname, search } = new URL(referer)
  return `${pathname}${search}`
}
