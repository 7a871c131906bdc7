import type { Knex } from 'knex'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import type { Cell, Column, List, Row } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { type Import, type State, stateOf, visibleImports } from './import.ts'
import type { ImportKind, MadeSort } from './kind.ts'
import { kindNamed } from './kinds.ts'
import { createLabel, importRights } from './rights.ts'

const { columns: labels, states } = text.imports
type Label = keyof typeof labels

const tones: Record<State, string> = {
  mapping: 'amber',
  checking: 'blue',
  checked: 'amber',
  taking: 'blue',
  done: 'green',
  failed: 'red',
  undoing: 'blue',
  undone: 'gray',
  cancelled: 'amber',
  interrupted: 'red',
}
export const stateCell = (state: State): Cell => ({ text: states[state], tone: tones[state] })

const column = (name: Label, kind: Column['kind'], cell: Column['cell']): Column => ({
  name,
  label: labels[name],
  kind,
  align: kind === 'number' ? 'end' : undefined,
  cell,
})
const count = (name: Label) => column(name, 'number', (row) => ({ text: showCount(Number(row[name])) }))
const plain = (name: Label) =>
  column(name, 'text', (row) => ({ text: String(row[name] ?? ''), title: String(row[name] ?? '') }))

/** What was imported before, the newest first. */
export const importList = (): List => ({
  path: '/imports',
  title: text.imports.title,
  permissions: importRights(),
  table: 'imports',
  columns: [
    plain('file_name'),
    column('kind', 'text', (row) => ({ text: kindNamed(String(row.kind))?.words.label ?? '' })),
    column('user', 'text', (row, reference) => ({ text: reference.person(row.user_id as number)?.name ?? '' })),
    column('created_at', 'instant', (row) => ({ text: showInstant(row.created_at as string) })),
    column('state', 'text', (row) => stateCell(stateOf(row as unknown as Import))),
    count('rows_right'),
    count('rows_wrong'),
    count('rows_taken'),
    count('rows_changed'),
  ],
  filters: [],
  order: { column: 'imports.id', order: 'desc' },
  rows: visibleImports,
  rowHref: ({ id }) => `/imports/${id}`,
  actions: (request) => [{ label: createLabel(request), href: '/imports/new', kind: 'primary' }],
  empty: (request) => ({ text: text.imports.empty, href: '/imports/new', label: createLabel(request) }),
})

/** The wrong rows of one import, in the order of the file. */
export const errorList = (id: number): List => ({
  path: `/imports/${id}`,
  title: text.imports.wrongRows,
  permissions: importRights(),
  table: 'import_errors',
  columns: [
    plain('row_number'),
    plain('record_name'),
    column('reason', 'text', (row) => ({ text: String(row.reason ?? ''), isWhole: true })),
  ],
  filters: [],
  order: { column: 'import_errors.row_number' },
  rows: (db) => db('import_errors').where({ import_id: id }).select('import_errors.*'),
  empty: () => ({ text: text.imports.noWrongRows }),
})

/** What an undo left, because somebody had changed it. */
export const keptList = (id: number, { makes }: ImportKind): List => ({
  path: `/imports/${id}`,
  title: text.imports.keptRows,
  permissions: importRights(),
  table: 'import_rows',
  columns: [column('record_name', 'text', (row) => cellOf(makes, row))],
  filters: [],
  order: { column: 'import_rows.id' },
  rows: (db) => records(db, makes).where({ import_id: id, is_kept: true }),
})

/** What an import made, the last first. */
export const madeList = (id: number, { makes: [own] }: ImportKind): List => ({
  path: `/imports/${id}/records`,
  title: text.imports.made,
  permissions: importRights(),
  table: 'import_rows',
  columns: [column('record_name', 'text', (row) => cellOf([own], row))],
  filters: [],
  order: { column: 'import_rows.record_id', order: 'desc' },
  rows: (db) => records(db, [own]).where({ import_id: id, action: 'create', record_type: own.type }),
  empty: () => ({ text: text.imports.nothingMade }),
})

const joined = (table: string) => (join: Knex.JoinClause) =>
  join.on(`${table}.id`, 'import_rows.record_id').andOnVal('import_rows.record_type', table)

const titleOf = (type: string) => `title_of_${type}`

/** What an import made or changed, with the names of what is still there. */
function records(db: Knex, sorts: MadeSort[]): Knex.QueryBuilder {
  const rows = db('import_rows').select('import_rows.id', 'import_rows.record_type', 'import_rows.record_id')
  for (const { type, title, beside = {} } of sorts)
    rows.leftJoin(type, joined(type)).select({ [titleOf(type)]: `${type}.${title}`, ...beside })
  return rows
}

function cellOf(sorts: MadeSort[], row: Row): Cell {
  const sort = sorts.find(({ type }) => type === row.record_type)
  return { text: String((sort && row[titleOf(sort.type)]) ?? ''), href: sort?.href(row) }
}
