import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import type { Row } from '../web/list.ts'
import { ordinaryColumns } from '../web/list-columns.ts'
import { maskRow } from '../web/masks.ts'
import { linksTo, modulesBelow, wordsOf } from './catalogue.ts'
import { listOf } from './list.ts'
import { has, type Lines, type Module, type Owner, ownerColumn, rightOf, type Stored } from './module.ts'
import { visibleRows } from './records.ts'

/** So many of each module stand on a card, the newest. */
const most = 20

/** A table of records on the card of another: those whose column, or that of one of their lines, holds its id. */
type Shown = { module: Module; column: string; title: string; newHref?: string; lines?: Lines | undefined }

/** What hangs on a record or points at it, a table for each module that this person may see, as views/shared/card.eta wants them. */
export async function belowViews(
  db: Knex,
  request: FastifyRequest,
  module: Module,
  record: Stored,
  reference: Reference,
) {
  const hanging = modulesBelow(module).map((below): Shown => {
    const column = ownerColumn(below.owner as Owner)
    const newHref = `${below.path}/new?${column}=${record.id}`
    return { module: below, column, title: wordsOf(below).title, newHref }
  })
  const tables = await tablesOf(db, request, hanging, record.id, reference)
  return [...tables, ...(await pointingViews(db, request, module.name, record.id, reference))]
}

/** What points at a record, likewise; of what is no declared module too. */
export function pointingViews(db: Knex, request: FastifyRequest, name: string, id: number, reference: Reference) {
  const links = linksTo(name)
  const shown = links.map(({ module, field, lines }): Shown => {
    const isOne = links.filter((other) => other.module === module).length === 1
    const words = wordsOf(module)
    return {
      module,
      column: field.name,
      lines,
      title: isOne ? words.title : text.form.link.by(words.title, field.label),
      ...(!lines && { newHref: `${module.path}/new?${field.name}=${encodeURIComponent(field.kind.write(id))}` }),
    }
  })
  return tablesOf(db, request, shown, id, reference)
}

const tablesOf = (db: Knex, request: FastifyRequest, shown: Shown[], id: number, reference: Reference) =>
  Promise.all(
    shown
      .filter(({ module }) => request.can(rightOf(module, 'view')))
      .map((one) => belowView(db, request, one, id, reference)),
  )

async function belowView(db: Knex, request: FastifyRequest, shown: Shown, id: number, reference: Reference) {
  const { module, column, title, newHref, lines } = shown
  const { viewer } = request
  const list = listOf(module)
  const columns = ordinaryColumns(list).filter(({ name }) => lines || name !== column)
  const visible = visibleRows(db, module, viewer)
  const pointing = lines
    ? visible.whereIn(`${module.name}.id`, db(lines.table).where(column, id).select('record_id'))
    : visible.where(`${module.name}.${column}`, id)
  const found: Row[] = await pointing
    .orderBy(`${module.name}.id`, 'desc')
    .limit(most + 1)
    .select(`${module.name}.*`)
  const rows = found.slice(0, most)
  const whole = (await list.complete?.(db, rows, columns, viewer)) ?? rows
  const words = wordsOf(module)
  const mayAdd = has(module, 'create') && request.can(rightOf(module, 'create'))
  return {
    title,
    columns: columns.map(({ name, label, align }) => ({ name, label, align })),
    rows: whole.map((row) => {
      const read = maskRow(row, module.fields, viewer)
      return { id: row.id, href: `${module.path}/${row.id}`, cells: columns.map((one) => one.cell(read, reference)) }
    }),
    newLink: mayAdd && newHref ? { label: words.create, href: newHref } : null,
    note: found.length > most ? text.list.newestOnly(most) : null,
    empty: words.empty,
  }
}
