import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Order } from '../db/dialect.ts'
import type { MaskGroup, Permission } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import type { Unread } from './condition-address.ts'
import type { Asking, Condition, ConditionField } from './conditions.ts'
import type { Field } from './fields.ts'
import type { Body } from './form.ts'
import type { ListLines } from './list-lines.ts'
import type { ListPreference } from './list-preference.ts'
import type { Option } from './options.ts'
import type { Selecting } from './selecting.ts'
import type { Viewer } from './viewer.ts'

/** Values of columns of the table, which the rows of a part have in common. */
export type Part = Record<string, string | number | null>
export type Row = { id: number } & Record<string, unknown>
/** `marks`: labels instead of the text; `labels`: behind it; `tel`: what a click dials; `act`: where a click posts; `isWhole`: shown to its end, over several lines; `isGone`: what it names was deleted. */
export type Cell = {
  text: string
  marks?: Mark[]
  labels?: Mark[] | undefined
  href?: string
  /** The form at `href`, which script opens beside the list. */
  formId?: string
  tel?: string | undefined
  act?: string
  tone?: string | null
  title?: string
} & Shape
type Mark = { text: string; tone: string; title?: string | undefined }
type Shape = { isWhole?: boolean; isGone?: boolean }
export type ColumnKind = 'text' | 'number' | 'decimal' | 'money' | 'day' | 'instant'

export type Column = {
  name: string
  label: string
  kind: ColumnKind
  /** The database column to sort by, which has an index. */
  sort?: string
  /** The parts it is sorted by instead, where its values have an order that they do not say by themselves (list-parts.ts). */
  parts?(reference: Reference): Part[]
  /** Those who must not read it whole must not sort by it either. */
  mask?: MaskGroup
  /** Whether somebody may learn its order; everybody, where it is missing. */
  ordersFor?(viewer: Viewer): boolean
  /** No row is without what it is sorted by; a walk in this order is then quicker. */
  isFilled?: boolean
  align?: 'end'
  /** Not shown before somebody chooses it. */
  isHidden?: boolean
  /** The columns of the table its cell is made of; the one of its name where they are missing. */
  needs?: string[]
  /** What stands above it in a file, where that is not its label: the import knows the labels of the fields. */
  heading?: string
  /** Shown only to those with this right; for acts, which are neither printed nor exported. */
  permission?: Permission
  /** Stands behind it in files, so that what comes back is the same. */
  companion?: Column
  /** What a person reads, also in print and csv. */
  cell(row: Row, reference: Reference): Cell
  /** What goes into a spreadsheet; the text of the cell where it is missing. */
  value?(row: Row): unknown
}

type Apply = (query: Knex.QueryBuilder, value: string, asking: Asking) => Knex.QueryBuilder
/** For a column that holds no days; either end may be open. */
export type Days = { from?: string; to?: string }
type ApplyDays = (query: Knex.QueryBuilder, days: Days) => Knex.QueryBuilder
export type Filter =
  | {
      name: string
      label: string
      kind: 'choice'
      options(reference: Reference, values: Record<string, string>): Option[]
      /** Whether a value is one that another filter leaves no room for, like a city of another province; it goes silently. */
      isBelowAnother?(reference: Reference, value: string): boolean
      apply: Apply
    }
  /** `isUnindexed`: no index answers it, the rows are looked through. */
  | { name: string; label: string; kind: 'text'; apply: Apply; isUnindexed?: boolean }
  /** By the record that a field points at, as `id:17` (link-kind.ts); who must not see that record finds nothing by it. */
  | { name: string; label: string; kind: 'link'; field: Field; apply: Apply }
  | { name: string; label: string; kind: 'days'; column: string; apply?: ApplyDays }

/** What a list is asked for and by whom, checked against its declaration. */
export type ListQuery = {
  viewer: Viewer
  q: string
  /** By parameter name; a filter of days has two, `name_from` and `name_to`. */
  filters: Record<string, string>
  sort: { column: Column; isDescending: boolean; parts?: Part[] | undefined } | null
  /** Only the rows of this part. */
  part?: Part
  page: number
  per: number
  /** The first rows that a search soon finds are enough, and nobody asks how many there are: something is being typed. */
  isBrief?: boolean
  /** The columns chosen, in their order. */
  columns?: Column[]
  conditions?: Condition[]
  /** What of the address narrows the list and was not understood: nothing is shown then. */
  unread?: Unread[]
  /** The fields that point at records, with the names of those that are asked for, and why what was typed is none. */
  links?: ReadonlyMap<string, Field>
  /** The saved view it came from. */
  view?: number
  /** What holds where the address says nothing. */
  kept?: ListPreference
}

/** A total above `limit` is not counted further and said as `limit`+. */
export type Total = { total: number; isCapped: boolean }
export type Action = { label: string; href: string; kind: 'primary' | 'plain' | 'danger'; isPost?: boolean }

/** A list, declared once; it serves the page, the print view, xlsx and csv. */
export type List = {
  path: string
  title: string
  /** `orView`: rights each of which is as good as the one to view. */
  permissions: {
    view: Permission | 'signed-in'
    orView?: () => Permission[]
    print?: Permission
    export?: Permission
  }
  table: string
  columns: Column[]
  filters: Filter[]
  /** The order without a choice, by the columns of the table; `id` in the same direction ends it. */
  order: Order
  /** What conditions can be about, beside the filters. */
  conditions?: ConditionField[]
  /** Its columns, order and size can be chosen and kept, its views saved. */
  isAdjustable?: boolean
  /** The rows that this person may see, without order and page, with every column the cells of these columns need (by default all not hidden). */
  rows(db: Knex, viewer: Viewer, columns?: Column[]): Knex.QueryBuilder
  /** What it is gone through in windows by (batched-scan.ts), where `rows` are not soon found: those, perhaps others too. */
  windows?(db: Knex, viewer: Viewer): Knex.QueryBuilder
  /** Brings in what stands in other tables, for the columns that are shown. */
  complete?(db: Knex, rows: Row[], columns: Column[], viewer: Viewer): Promise<Row[]>
  /** Looks up what was typed for records that filters point at, in an address; and names those that it asks for. */
  links?(db: Knex, viewer: Viewer, typed: Body): Promise<{ typed: Body; links: Map<string, Field> }>
  /** A row as this person may read it, where fields can be masked (kernel/web/masks.ts). */
  mask?(row: Row, viewer: Viewer): Row
  search?: {
    placeholder: string
    /** Without a chosen order what is found comes newest first: sorting a hundred thousand hits takes too long. */
    isNewestFirst?: boolean
    apply(db: Knex, query: Knex.QueryBuilder, q: string, viewer: Viewer): Knex.QueryBuilder
    /** For what finds too many to collect first: whether it does, and the same by looking at each row. */
    broad?: {
      isBroad(db: Knex, query: ListQuery): Promise<boolean>
      look(query: Knex.QueryBuilder, q: string, viewer: Viewer): Knex.QueryBuilder
    }
  }
  /** How many there are, where that is known without finding a page. */
  count?(db: Knex, query: ListQuery): Promise<Total | undefined>
  /** The rows for whoever goes through all of them in their order; undefined leaves it to the common way. */
  walk?(db: Knex, query: ListQuery, list: List): Promise<(() => Knex.QueryBuilder) | undefined>
  /** The ids of few rows among which all are that the list is asked for, where an index knows them. */
  few?(db: Knex, query: ListQuery): Promise<number[] | undefined>
  /** How many rows have each value of a column, where an index soon tells it of all that is asked for. */
  groups?(db: Knex, query: ListQuery, column: string): Promise<Map<string, number> | undefined>
  /** Finds a page by its own means; undefined leaves it to the common way. */
  page?(db: Knex, query: ListQuery, list: List): Promise<(Total & { rows: Row[]; page: number }) | undefined>
  rowHref?(row: Row): string
  /** Further kinds of files of what the list shows, with every column. */
  otherExports?: OtherExport[]
  /** Its records lead to the one before and after; their address keeps the list's query in `list`. */
  isWalked?: boolean
  selection?: Selecting
  lines?: ListLines<Column, Row>
  actions?(request: FastifyRequest): Action[]
  /** Where what was searched by and not found is added under that name, for who may. */
  creation?(request: FastifyRequest, q: string): { label: string; href: string } | undefined
  empty?(request: FastifyRequest): { text: string; href?: string; label?: string }
}

/** A file that is written row by row. */
export type OtherExport = { ending: string; type: string; write(row: Row): string }

/** A list in which rows can be selected. */
export type SelectableList = List & { selection: Selecting }
