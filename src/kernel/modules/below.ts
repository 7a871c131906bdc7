import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Reference } from '../reference.ts'
import { text } from '../texts/index.ts'
import type { Row } from '../web/list.ts'
import { ordinaryColumns } from '../web/list-columns.ts'
import { maskRow } from '../web/masks.ts'
import { modulesBelow, wordsOf } from './catalogue.ts'
import { listOf } from './list.ts'
import { has, type Module, type Owner, ownerColumn, rightOf, type Stored } from './module.ts'
import { visibleRows } from './records.ts'

/** So many of each module stand on a card, the newest. */
const most = 20

/** What hangs on a record, a table for each module that this person may see, as views/shared/card.eta wants them. */
export const belowViews = (db: Knex, request: FastifyRequest, module: Module, record: Stored, reference: Reference) =>
  Promise.all(
    modulesBelow(module)
      .filter((below) => request.can(rightOf(below, 'view')))
      .map((below) => belowView(db, request, below, record, reference)),
  )

async function belowView(db: Knex, request: FastifyRequest, module: Module, record: Stored, reference: Reference) {
  const column = ownerColumn(module.owner as Owner)
  const columns = ordinaryColumns(listOf(module)).filter(({ name }) => name !== column)
  const rows: Row[] = await visibleRows(db, module, request.viewer)
    .where(`${module.name}.${column}`, record.id)
    .orderBy(`${module.name}.id`, 'desc')
    .limit(most + 1)
    .select(`${module.name}.*`)
  const words = wordsOf(module)
  const mayAdd = has(module, 'create') && request.can(rightOf(module, 'create'))
  return {
    title: words.title,
    columns: columns.map(({ name, label, align }) => ({ name, label, align })),
    rows: rows.slice(0, most).map((row) => {
      const read = maskRow(row, module.fields, request.viewer)
      return { id: row.id, href: `${module.path}/${row.id}`, cells: columns.map((one) => one.cell(read, reference)) }
    }),
    newLink: mayAdd ? { label: words.create, href: `${module.path}/new?${column}=${record.id}` } : null,
    note: rows.length > most ? text.list.newestOnly(most) : null,
    empty: words.empty,
  }
}
