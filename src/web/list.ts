import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Order } from '../db/dialect.ts'
import type { Permission } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import type { Field, Option } from './fields.ts'

export type Row = { id: number } & Record<string, unknown>
export type Cell = { text: string; href?: string; tone?: string | null; title?: string }
export type ColumnKind = 'text' | 'number' | 'money' | 'day' | 'instant'

export type Column = {
  name: string
  label: string
  kind: ColumnKind
  /** The database column to sort by, which has an index. */
  sort?: string
  align?: 'end'
  /** Shown only to those with this right; for acts, which are neither printed nor exported. */
  permission?: Permission
  /** What a person reads, also in print and csv. */
  cell(row: Row, reference: Reference): Cell
  /** What goes into a spreadsheet; the text of the cell where it is missing. */
  value?(row: Row): unknown
}

type Apply = (query: Knex.QueryBuilder, value: string) => Knex.QueryBuilder
export type Filter =
  | {
      name: string
      label: string
      kind: 'choice'
      options(reference: Reference, values: Record<string, string>): Option[]
      apply: Apply
    }
  | { name: string; label: string; kind: 'text'; apply: Apply }
  | { name: string; label: string; kind: 'days'; column: string }

/** What a list is asked for, checked against its declaration. */
export type ListQuery = {
  q: string
  /** By parameter name; a filter of days has two, `name_from` and `name_to`. */
  filters: Record<string, string>
  sort: { column: Column; isDescending: boolean } | null
  page: number
  per: number
}

/** A total above `limit` is not counted further and said as `limit`+. */
export type Total = { total: number; isCapped: boolean }
export type Action = { label: string; href: string; kind: 'primary' | 'plain' | 'danger' }

/** A list, declared once; it serves the page, the print view, xlsx and csv. */
export type List = {
  path: string
  title: string
  permissions: { view: Permission; print?: Permission; export?: Permission }
  table: string
  columns: Column[]
  filters: Filter[]
  /** The order without a choice, by the columns of the table; `id` in the same direction ends it. */
  order: Order
  /** The rows there are, without order and page, with every column the cells need. */
  rows(db: Knex): Knex.QueryBuilder
  search?: { placeholder: string; apply(db: Knex, query: Knex.QueryBuilder, q: string): Knex.QueryBuilder }
  /** Finds a page by its own means; undefined leaves it to the common way. */
  page?(db: Knex, query: ListQuery): Promise<(Total & { rows: Row[]; page: number }) | undefined>
  rowHref?(row: Row): string
  actions?(request: FastifyRequest): Action[]
  empty?(request: FastifyRequest): { text: string; href?: string; label?: string }
}

/** A column that shows a declared field. */
export function fieldColumn(field: Field, more: Partial<Column> = {}): Column {
  const { kind, name, label } = field
  const kinds: Record<string, ColumnKind> = { money: 'money', number: 'number', day: 'day' }
  const columnKind = kinds[kind.control] ?? 'text'
  return {
    name,
    label,
    kind: columnKind,
    align: kind.align,
    cell: (row, reference) => {
      const shown = kind.show(row[name], field, reference)
      const chosen = field.options?.(reference).find(({ value }) => value === String(row[name]))
      return { text: shown, tone: chosen?.tone }
    },
    value: columnKind === 'text' ? undefined : (row) => row[name],
    ...more,
  }
}

/** A filter by one value of a field with options; ids are numbers, codes are texts. */
export const choiceFilter = (field: Field): Filter => ({
  name: field.name,
  label: field.label,
  kind: 'choice',
  options: (reference) => field.options?.(reference) ?? [],
  apply: (query, value) => query.where(field.name, field.name.endsWith('_id') ? Number(value) : value),
})
