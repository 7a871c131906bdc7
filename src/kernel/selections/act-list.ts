import { text } from '../../texts/index.ts'
import { showCount, showInstant } from '../web/formatting.ts'
import type { Cell, Column, List, Row } from '../web/list.ts'
import { type BatchAct, visibleActs } from './act.ts'
import { kindOf } from './kinds.ts'

const t = text.batchActs
type Label = keyof typeof t.columns

const tones = { doing: 'blue', done: 'green', undoing: 'blue', undone: 'gray' }
export const stateCell = ({ state }: Pick<BatchAct, 'state'>): Cell => ({ text: t.states[state], tone: tones[state] })
const nounOf = (row: { list: unknown }) => kindOf({ list: String(row.list) }).list.selection.noun

const column = (name: Label, kind: Column['kind'], cell: Column['cell']): Column => ({
  name,
  label: t.columns[name],
  kind,
  align: kind === 'number' ? 'end' : undefined,
  cell,
})
const count = (name: 'changed_count' | 'undone_count') =>
  column(name, 'number', (row) => ({ text: showCount(Number(row[name])) }))

/** What was done to many records at once within the last day, the newest first. */
export const actList: List = {
  path: '/batch-acts',
  title: t.title,
  permissions: { view: 'signed-in' },
  table: 'batch_acts',
  columns: [
    column('label', 'text', (row) => ({ text: String(row.label), isWhole: true })),
    column('kind', 'text', (row) => ({ text: nounOf(row as Row & { list: unknown }) })),
    column('user', 'text', (row, reference) => ({ text: reference.person(row.user_id as number)?.name ?? '' })),
    column('acted_at', 'instant', (row) => ({ text: showInstant(row.acted_at as string) })),
    column('state', 'text', (row) => stateCell(row as unknown as BatchAct)),
    count('changed_count'),
    count('undone_count'),
  ],
  filters: [],
  order: { column: 'batch_acts.id', order: 'desc' },
  rows: visibleActs,
  rowHref: ({ id }) => `/batch-acts/${id}`,
  empty: () => ({ text: t.empty }),
}

/** The records that were not taken back, because somebody had changed them; of those in the bin the name alone. */
export function keptList(act: BatchAct): List {
  const { list, title, href, visible } = kindOf(act)
  const id = `${list.table}.id`
  return {
    path: `/batch-acts/${act.id}`,
    title: t.kept,
    permissions: { view: 'signed-in' },
    table: list.table,
    columns: [column('record', 'text', (row) => ({ text: String(row[title] ?? ''), href: href(row) }))],
    filters: [],
    order: { column: id },
    rows: (db, viewer) =>
      visible(db, viewer, 'view')
        .clearSelect()
        .join('batch_act_rows', 'batch_act_rows.record_id', id)
        .where({ act_id: act.id, is_kept: true })
        .select(`${list.table}.*`),
    mask: list.mask,
  }
}
