import type { Permission } from '../permissions.ts'
import { showInstant } from './formatting.ts'
import type { Column, List, ListQuery, Row } from './list.ts'

/** The columns of a list without anybody's choice. */
export const ordinaryColumns = (list: List): Column[] => list.columns.filter(({ isHidden }) => !isHidden)

/** The columns asked for, in their order. */
export const shownColumns = (list: List, query: ListQuery): Column[] => query.columns ?? ordinaryColumns(list)

/** The same on paper and in files, where there is nothing to click. */
export const paperColumns = (list: List, query: ListQuery): Column[] =>
  shownColumns(list, query).filter(({ permission }) => !permission)

/** The same in a file that may come back, with those of lines behind them. */
export const fileColumns = (list: List, query: ListQuery): Column[] => [
  ...headColumns(list, query),
  ...(list.lines?.columns ?? []),
]

/** Those of the rows themselves. */
export const headColumns = (list: List, query: ListQuery): Column[] =>
  paperColumns(list, query).flatMap((column) => (column.companion ? [column, column.companion] : [column]))

export const columnsText = (columns: Column[] = []) => columns.map(({ name }) => name).join(',')

/**
 * The columns an address chooses, `columns=code,name`, or those of the chooser, ticked one by one and ordered by
 * `order_<name>`; undefined when it chooses none that there is.
 */
export function readColumns(list: List, query: Record<string, unknown>): Column[] | undefined {
  const names = new Set(
    [query.columns ?? []]
      .flat()
      .flatMap((names) => String(names).split(','))
      .map((name) => name.trim()),
  )
  const chosen = [...names].flatMap((name) => list.columns.find((column) => column.name === name) ?? [])
  if (chosen.length === 0) return undefined
  return moved(inPlaces(chosen, query), String(query.move ?? ''))
}

/** One column a place up or down, `move=code:-1`, as the arrows of the chooser say. */
function moved(columns: Column[], move: string): Column[] {
  const [, name, step] = /^(\w+):(-?1)$/.exec(move) ?? []
  const at = columns.findIndex((column) => column.name === name)
  const to = at + Number(step)
  return at < 0 || !columns[to] ? columns : columns.toSpliced(at, 1).toSpliced(to, 0, columns[at] as Column)
}

/** Whoever changes a number means the place where the column then stands; the others keep their order around it. */
function inPlaces(chosen: Column[], query: Record<string, unknown>): Column[] {
  const before = Object.keys(query).filter((name) => name.startsWith('order_'))
  const place = ({ name }: Column) => placeIn(query[`order_${name}`])
  const isMoved = (column: Column) => place(column) !== before.indexOf(`order_${column.name}`) + 1
  const sorted = chosen.toSorted((a, b) => place(a) - place(b))
  const placed = sorted.filter((column) => !isMoved(column))
  for (const column of sorted.filter(isMoved)) placed.splice(Math.max(0, place(column) - 1), 0, column)
  return placed
}

/** Without a number a column stands behind those with one. */
const placeIn = (typed: unknown) => (/^\d{1,3}$/.test(String(typed ?? '').trim()) ? Number(typed) : 1_000)

/** A column that says when, not shown before somebody chooses it. */
export const stampColumn = (name: string, label: string): Column => ({
  name,
  label,
  kind: 'instant',
  isHidden: true,
  cell: (row) => ({ text: showInstant(row[name] as string) }),
  value: (row) => row[name],
})

type RowAct = { label: string; permission?: Permission; href: (row: Row) => string; formId?: string }

/** A column of links that do something with each row, for those who may. */
export const actColumn = (name: string, { label, permission, href, formId }: RowAct): Column => ({
  name,
  label,
  kind: 'text',
  permission,
  needs: [],
  cell: (row) => ({ text: label, href: href(row), ...(formId && { formId }) }),
})
