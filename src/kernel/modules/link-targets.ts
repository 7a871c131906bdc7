import type { Knex } from 'knex'
import type { Permission } from '../permissions.ts'
import type { Field } from '../web/fields.ts'
import type { Row } from '../web/list.ts'
import type { Viewer } from '../web/viewer.ts'
import { moduleNamed } from './catalogue.ts'
import { isHanging, type Module, type Owner, ownerColumn, rightOf } from './module.ts'
import { askingFor, ownedRows } from './reach.ts'
import { placeOf } from './record-address.ts'
import { binnedRows, livingRows } from './rows.ts'

/** What fields of modules point at: records that are named, found by a code or their exact name, and may be out of reach. */
export type LinkTarget = {
  /** Its table. */
  name: string
  /** Where one of its records is looked at, and the columns that say it. */
  href(row: Row): string
  leading: string[]
  view: Permission
  /** The column that names a record; `<title>_pinyin` stands beside it, with an index. */
  title: string
  /** Columns of which no two records have the same, the one that is shown first; `<code>_key` stands beside each. */
  codes: string[]
  fields: Field[]
  living(db: Knex): Knex.QueryBuilder
  binned?(db: Knex): Knex.QueryBuilder
  /** Those of a query that a right to look reaches. */
  reached(db: Knex, rows: Knex.QueryBuilder, viewer: Viewer): Knex.QueryBuilder
}

/** What a field points at; undefined where the module is switched off. */
export function targetNamed(name: string): LinkTarget | undefined {
  const module = moduleNamed(name)
  return module && targetOf(module)
}

function targetOf(module: Module): LinkTarget {
  const { name, title, fields, bin, owner, sections } = module
  const once = fields.filter(({ isUnique, mask }) => isUnique && !mask).map((field) => field.name)
  return {
    name,
    href: (row) => placeOf(module, row),
    leading: [...(isHanging(module) ? [ownerColumn(owner as Owner)] : []), ...(sections ? [sections.column] : [])],
    view: rightOf(module, 'view'),
    title,
    codes: [...once.filter((one) => one !== title), ...once.filter((one) => one === title)],
    fields,
    living: (db) => livingRows(db, module),
    ...(bin && { binned: (db: Knex) => binnedRows(db, module) }),
    reached: (db, rows, viewer) => ownedRows(db, rows, module, askingFor(module, viewer, 'view')),
  }
}
