import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import type { Section } from '../report/pdf-section.ts'
import { link } from '../web/link-kind.ts'
import type { Row } from '../web/list.ts'
import { ordinaryColumns } from '../web/list-columns.ts'
import { maskRow } from '../web/masks.ts'
import { onCard } from '../web/on-card.ts'
import { linksTo, modulesBelow, wordsOf } from './catalogue.ts'
import { listOf } from './list.ts'
import { has, type Lines, type Module, type Owner, ownerColumn, rightOf, type Stored } from './module.ts'
import { collectionOf, placeOf } from './record-address.ts'
import { hangingOn, visibleRows } from './records.ts'
import type { Hanging } from './timeline.ts'

/** So many of each module stand on a card, the newest, and on its print. */
const most = { view: 20, print: 200 }
type Act = keyof typeof most

/** A table of records on the card of another: those whose column, or that of one of their lines, holds its id. */
type Shown = {
  module: Module
  column: string
  title: string
  newHref?: string
  /** It is added on the card itself. */
  isHanging?: true
  lines?: Lines | undefined
  /** Narrows its rows to those. */
  of(db: Knex, rows: Knex.QueryBuilder): Knex.QueryBuilder
}

/** Who looks at what hangs on which record, to see or to print it. */
type Looking = { db: Knex; request: FastifyRequest; id: number; reference: Reference; act: Act; size?: number }

/**
 * What hangs on a record or points at it, a table for each module that this person may see, as views/shared/card.eta wants them;
 * without those that stand `beside`.
 */
export async function belowViews(
  db: Knex,
  request: FastifyRequest,
  module: Module,
  { id }: { id: number },
  reference: Reference,
  beside: Module[] = [],
) {
  const shown = shownBelow(module, id).filter((one) => !beside.includes(one.module))
  return viewsOf({ db, request, id, reference, act: 'view' }, shown)
}

async function viewsOf(looking: Looking, shown: Shown[]) {
  const tables = await tablesOf(looking, shown)
  const hanging = tables.map(({ shown: { module }, found }): Hanging => ({ module, rows: found }))
  return { below: tables.map(viewOf(looking.request)), hanging }
}

/** The same for the print of the record: what this person may print, tables without rows left out. */
export async function belowSections(
  db: Knex,
  request: FastifyRequest,
  module: Module,
  { id }: Stored,
  reference: Reference,
): Promise<Section[]> {
  const looking = { db, request, id, reference, act: 'print' } as const
  return (await tablesOf(looking, shownBelow(module, id))).filter(({ rows }) => rows.length > 0).map(sectionOf)
}

/** The table of one module whose records hang on those of another, for a tab of its own. */
export async function belowView(
  db: Knex,
  request: FastifyRequest,
  { module, id, below }: { module: Module; id: number; below: Module },
  reference: Reference,
) {
  const looking = { db, request, id, reference, act: 'view', size: 100 } as const
  return viewOf(request)(await tableOf(looking, shownOn(module, id)(below)))
}

const shownBelow = (module: Module, id: number): Shown[] => [
  ...modulesBelow(module).map(shownOn(module, id)),
  ...shownPointing(module.name, id),
]

const shownOn =
  (module: Module, id: number) =>
  (below: Module): Shown => {
    const column = ownerColumn(below.owner as Owner)
    const collection = collectionOf(below, { [column]: id })
    const newHref = onCard(`${collection}/new${below.under ? '' : `?${column}=${id}`}`)
    const of: Shown['of'] = (_db, rows) => hangingOn(rows, below, module, [id])
    return { module: below, column, title: wordsOf(below).title, newHref, isHanging: true, of }
  }

function shownPointing(name: string, id: number): Shown[] {
  const links = linksTo(name)
  return links.map(({ module, field, lines }) => {
    const isOne = links.filter((other) => other.module === module).length === 1
    const words = wordsOf(module)
    return {
      module,
      column: field.name,
      lines,
      of: (db, rows) =>
        lines
          ? rows.whereIn(`${module.name}.id`, db(lines.table).where(field.name, id).select('record_id'))
          : rows.where(`${module.name}.${field.name}`, id),
      title: isOne ? words.title : text.form.link.by(words.title, field.label),
      ...(!lines && { newHref: `${module.path}/new?${field.name}=${encodeURIComponent(field.kind.write(id))}` }),
    }
  })
}

const tablesOf = ({ request, act, ...looking }: Looking, shown: Shown[]) =>
  Promise.all(
    shown
      .filter(({ module }) => has(module, act) && request.can(rightOf(module, act)))
      .map((one) => tableOf({ request, act, ...looking }, one)),
  )

async function tableOf({ db, request, id, reference, act, size = most[act] }: Looking, shown: Shown) {
  const { module, column, lines, of } = shown
  const { viewer } = request
  const list = listOf(module)
  const columns = ordinaryColumns(list).filter(({ name }) => lines || name !== column)
  const found: Stored[] = await of(db, visibleRows(db, module, viewer, act))
    .orderBy(`${module.name}.id`, 'desc')
    .limit(size + 1)
    .select(`${module.name}.*`)
  const rows: Row[] = found.slice(0, size)
  const whole = (await list.complete?.(db, rows, columns, viewer)) ?? rows
  return {
    shown,
    columns,
    found,
    rows: whole.map((row) => {
      const read = maskRow(row, module.fields, viewer)
      return { id: row.id, href: placeOf(module, row), cells: columns.map((one) => one.cell(read, reference)) }
    }),
    note: found.length > size ? text.list.newestOnly(size) : null,
    allHref: list.conditions?.some(({ name, link }) => link && name === column)
      ? `${list.path}?${new URLSearchParams({ f: `${column}:is:${link.write(id)}` })}`
      : null,
  }
}

type Table = Awaited<ReturnType<typeof tableOf>>

const viewOf =
  (request: FastifyRequest) =>
  ({ shown: { module, title, newHref, isHanging }, columns, rows, note, allHref }: Table) => {
    const words = wordsOf(module)
    const mayAdd = has(module, 'create') && request.can(rightOf(module, 'create'))
    return {
      title,
      columns: columns.map(({ name, label, align }) => ({ name, label, align })),
      rows,
      newLink:
        mayAdd && newHref ? { label: words.create, href: newHref, ...(isHanging && { formId: module.name }) } : null,
      note,
      allHref,
      empty: words.empty,
    }
  }

const sectionOf = ({ shown: { title }, columns, rows, note }: Table): Section => ({
  title: note ? text.common.pair(title, note) : title,
  table: {
    columns: columns.map(({ label, align }) => ({ label, kind: align ? 'number' : 'text' })),
    rows: rows.map(({ cells }) => cells.map((cell) => cell.text)),
  },
})
