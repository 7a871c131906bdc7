import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { today } from '../../kernel/china/clock.ts'
import { type DeskSection, registerDeskSection } from '../../kernel/desk/sections.ts'
import { visibleRows } from '../../kernel/modules/rows.ts'
import { turned, turningCell, turningRoutes } from '../../kernel/modules/turning.ts'
import { dueCell } from '../../kernel/web/due.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'

const t = text.memos
const most = 20

/** Ticking memos, and their part of the workbench. */
export async function memoRoutes(app: FastifyInstance) {
  registerDeskSection(8, ({ db }, request) => deskMemos(db, request))
  turningRoutes(app, 'memos')
}

/** One's own whose day has come, until they are ticked. */
async function deskMemos(db: Knex, { viewer }: FastifyRequest): Promise<DeskSection | undefined> {
  if (!viewer.can('memos.view')) return undefined
  const shown = () =>
    visibleRows(db, turned('memos'), viewer).where('memos.state', 'open').where('memos.shown_on', '<=', today())
  const rows = await shown().orderBy('memos.shown_on').orderBy('memos.id').limit(most).select('memos.*')
  if (rows.length === 0) return undefined
  const [{ count }] = rows.length < most ? [{ count: rows.length }] : await shown().count({ count: '*' })
  const cellsOf = async (row: (typeof rows)[number]) => [
    { text: String(row.subject), href: `/memos/${row.id}` },
    dueCell(row.shown_on),
    await turningCell(db, viewer, 'memos', row),
  ]
  const made = []
  for (const row of rows) made.push({ id: row.id, cells: await cellsOf(row) })
  return {
    title: t.desk(showCount(Number(count))),
    columns: [
      { name: 'subject', label: t.fields.subject },
      { name: 'shown_on', label: t.fields.shown_on },
      { name: 'turning', label: text.turning.act },
    ],
    rows: made,
    note: Number(count) > most ? t.firstOnly(most) : null,
    allHref: '/memos?state=open',
    empty: '',
  }
}
