import type { Column, List, ListQuery } from './list.ts'

/** The columns of a list without anybody's choice. */
export const ordinaryColumns = (list: List): Column[] => list.columns.filter(({ isHidden }) => !isHidden)

/** The columns asked for, in their order. */
export const shownColumns = (list: List, query: ListQuery): Column[] => query.columns ?? ordinaryColumns(list)

/** The same on paper and in files, where there is nothing to click. */
export const paperColumns = (list: List, query: ListQuery): Column[] =>
  shownColumns(list, query).filter(({ permission }) => !permission)

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
  const place = ({ name }: Column) => placeIn(query[`order_${name}`])
  return chosen
    .map((column, index) => ({ column, index }))
    .sort(byPlace(place))
    .map(({ column }) => column)
}

type Placed = { column: Column; index: number }
const byPlace = (place: (column: Column) => number) => (a: Placed, b: Placed) =>
  place(a.column) - place(b.column) || a.index - b.index

/** Without a number a column stands behind those with one. */
const placeIn = (typed: unknown) => (/^\d{1,3}$/.test(String(typed ?? '').trim()) ? Number(typed) : 1_000)
