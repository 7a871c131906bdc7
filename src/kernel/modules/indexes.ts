import type { ListIndexes } from '../db/list-indexes.ts'
import type { Column } from '../web/list.ts'
import { choiceParts } from '../web/list-parts.ts'
import { isHanging, type Module, type ModuleField, ownerColumn } from './module.ts'

/** The columns that say by themselves for whom a record is there; each index of its list has them. */
export const reachColumns = ({ owner, personal, shared, giver }: Module): string[] => [
  ...(owner === 'nobody' ? [] : [ownerColumn(owner)]),
  ...(owner !== 'nobody' && 'among' in owner ? [owner.among] : []),
  ...[personal ?? [], shared ?? [], giver ?? []].flat(),
]

/** The column that its list is ordered by. */
export const orderColumn = ({ title, latestBy }: Pick<Module, 'title' | 'latestBy'>) => latestBy ?? `${title}_pinyin`

/** What has an order can be sorted by where it is seen without being chosen; the table has an index for it. */
export function orderOfField(table: string, field: ModuleField): Partial<Column> {
  const { name, kind, options, column, max } = field
  if (column === false || column?.isHidden || kind.isMany) return {}
  if (options) return { parts: choiceParts(field, name) }
  return ordered.has(kind.control) && (max ?? 0) <= mostSorted
    ? { sort: `${table}.${name}`, ...(field.isRequired && { isFilled: true }) }
    : {}
}

/** SQL Server takes no longer texts into an index. */
const mostSorted = 400
const ordered = new Set(['text', 'day', 'instant', 'money', 'number', 'decimal', 'phone', 'email', 'url'])

/** The indexes that the list of a module needs for what can be sorted and filtered by, as its declaration stands. */
export function indexesOf(module: Module): ListIndexes {
  const { name, title, fields, bin, latestBy } = module
  const sorted = (field: ModuleField) => {
    const order = { ...orderOfField(name, field), ...(field.column || undefined) }
    return { isChoice: Boolean(order.parts), column: order.parts ? undefined : order.sort?.split('.').at(-1) }
  }
  const isSpan = ({ kind }: ModuleField) => kind.control === 'day' || kind.control === 'instant'
  const filters = fields.filter(({ isFilter }) => isFilter)
  return {
    table: name,
    isBinned: bin === true,
    order: orderColumn(module),
    sorts: [
      'updated_at',
      ...(latestBy ? [`${title}_pinyin`] : []),
      ...fields.flatMap((field) => (field.name === title ? [] : (sorted(field).column ?? []))),
    ],
    choices: [
      ...new Set([
        ...fields.filter((field) => sorted(field).isChoice).map(({ name }) => name),
        ...filters.filter((field) => !isSpan(field)).map(({ name }) => name),
        ...(isHanging(module) ? [] : reachColumns(module)),
      ]),
    ],
    spans: filters.filter(isSpan).map(({ name }) => name),
  }
}
