import { text } from '../texts/index.ts'
import type { Cell, Column, List } from '../web/list.ts'
import { showCount, showInstant } from '../web/show.ts'

const { columns: labels, states } = text.imports
type Label = keyof typeof labels

const tones: Record<string, string> = {
  checking: 'blue',
  checked: 'amber',
  taking: 'blue',
  done: 'green',
  failed: 'red',
}
export const stateCell = (state: unknown): Cell => ({ text: states[String(state)] ?? '', tone: tones[String(state)] })

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
export const importList: List = {
  path: '/imports',
  title: text.imports.title,
  permissions: { view: 'customers.import' },
  table: 'imports',
  columns: [
    plain('file_name'),
    column('user', 'text', (row, reference) => ({ text: reference.person(row.user_id as number)?.name ?? '' })),
    column('created_at', 'instant', (row) => ({ text: showInstant(row.created_at as string) })),
    column('state', 'text', (row) => stateCell(row.state)),
    count('rows_right'),
    count('rows_wrong'),
    count('rows_taken'),
  ],
  filters: [],
  order: { column: 'imports.id', order: 'desc' },
  rows: (db) => db('imports').select('imports.*'),
  rowHref: ({ id }) => `/imports/${id}`,
  actions: () => [{ label: text.imports.create, href: '/imports/new', kind: 'primary' }],
  empty: () => ({ text: text.imports.empty, href: '/imports/new', label: text.imports.create }),
}

/** The wrong rows of one import, in the order of the file. */
export const errorList = (id: number): List => ({
  path: `/imports/${id}`,
  title: text.imports.wrongRows,
  permissions: { view: 'customers.import' },
  table: 'import_errors',
  columns: [plain('row_number'), plain('customer_name'), plain('reason')],
  filters: [],
  order: { column: 'import_errors.row_number' },
  rows: (db) => db('import_errors').where({ import_id: id }).select('import_errors.*'),
  empty: () => ({ text: text.imports.noWrongRows }),
})
