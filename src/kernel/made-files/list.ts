import { text } from '../../texts/index.ts'
import { showSize } from '../files/size.ts'
import { showInstant } from '../web/formatting.ts'
import type { Column, List, Row } from '../web/list.ts'
import { expiryOf, type MadeFile, type MadeState, stateOf, visibleMadeFiles } from './made-file.ts'

const t = text.madeFiles
const tones: Record<MadeState, string> = { making: 'blue', ready: 'green', failed: 'red' }

export const stateCell = ({ state }: Pick<MadeFile, 'state'>) => ({ text: t.states[state], tone: tones[state] })

const of = (row: Row) => row as unknown as MadeFile

const columns: Column[] = [
  {
    name: 'name',
    label: t.name,
    kind: 'text',
    cell: (row) => ({ text: of(row).name, href: `/tools/files/${row.id}/content` }),
  },
  { name: 'state', label: t.state, kind: 'text', cell: (row) => stateCell({ state: stateOf(of(row)) }) },
  {
    name: 'size',
    label: t.size,
    kind: 'text',
    align: 'end',
    cell: (row) => ({ text: of(row).size_bytes === null ? '' : showSize(Number(of(row).size_bytes)) }),
  },
  {
    name: 'user_id',
    label: t.madeBy,
    kind: 'text',
    cell: (row, reference) => ({ text: reference.person(of(row).user_id)?.name ?? '' }),
  },
  {
    name: 'created_at',
    label: t.createdAt,
    kind: 'instant',
    cell: (row) => ({ text: showInstant(of(row).created_at) }),
  },
  {
    name: 'expires_at',
    label: t.expiresAt,
    kind: 'instant',
    cell: (row) => ({ text: showInstant(expiryOf(of(row))) }),
  },
  {
    name: 'act',
    label: t.act,
    kind: 'text',
    cell: (row) => ({ text: t.remove, href: `/tools/files/${row.id}/deletion` }),
  },
]

/** What the program made for whom, as long as it is kept: the own files, or all with the right to see the jobs of others. */
export const madeFileList: List = {
  path: '/tools/files',
  title: t.title,
  permissions: { view: 'signed-in' },
  table: 'made_files',
  columns,
  filters: [],
  order: { column: 'made_files.id', order: 'desc' },
  rows: (db, viewer) => visibleMadeFiles(db, viewer).select('made_files.*'),
  empty: () => ({ text: t.empty }),
}
