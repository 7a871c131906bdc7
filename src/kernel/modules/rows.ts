import type { Knex } from 'knex'
import type { Act, Permission } from '../permissions.ts'
import type { Viewer } from '../web/viewer.ts'
import { aboveOf } from './catalogue.ts'
import { type Module, type Owner, ownerColumn } from './module.ts'
import { askingFor, askingOver, ownedRows } from './reach.ts'

import { inSection } from './sections.ts'

/** The rows of a module, or of the section of it that is looked at. */
export function allRows(db: Knex, module: Module) {
  const rows = db(module.name)
  for (const [column, section] of Object.entries(inSection(module))) rows.where(`${module.name}.${column}`, section)
  return rows
}

/** The same without those in the recycle bin. */
export function livingRows(db: Knex, module: Module) {
  const rows = allRows(db, module)
  return module.bin ? rows.whereNull(`${module.name}.deleted_at`) : rows
}

/** Those in the recycle bin. */
export const binnedRows = (db: Knex, { name }: Module) => db(name).whereNotNull(`${name}.deleted_at`)
/** The rows of a module that an act of this person reaches, without those in the recycle bin. */
export const visibleRows = (db: Knex, module: Module, viewer: Viewer, act: Act = 'view') =>
  ownedRows(db, livingRows(db, module), module, askingFor(module, viewer, act))

/** Those that a right on what hangs on records of several modules reaches. */
export const rowsReachedBy = (db: Knex, module: Module, viewer: Viewer, right: Permission) =>
  ownedRows(db, livingRows(db, module), module, askingOver(module, viewer, right))

/** Narrows rows of a module to those that hang on records of another. */
export function hangingOn(rows: Knex.QueryBuilder, { name, owner }: Module, above: Module, ids: number[]) {
  rows.whereIn(`${name}.${ownerColumn(owner as Owner)}`, ids)
  return owner !== 'nobody' && 'among' in owner ? rows.where(`${name}.${owner.among}`, above.name) : rows
}

/** The column of those whose the records are, with its table, which `visibleRows` joins; undefined where they are nobody's. */
export function ownerPlace(module: Module): string | undefined {
  const { name, owner } = module
  if (owner !== 'nobody' && 'by' in owner) return `${name}.${owner.by}`
  const above = aboveOf(module)
  return above && ownerPlace(above)
}
