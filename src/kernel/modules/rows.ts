import type { Knex } from 'knex'
import type { Act } from '../permissions.ts'
import type { Viewer } from '../web/viewer.ts'
import { moduleNamed } from './catalogue.ts'
import type { Module } from './module.ts'
import { askingFor, ownedRows } from './reach.ts'
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

/** The column of those whose the records are, with its table, which `visibleRows` joins; undefined where they are nobody's. */
export function ownerPlace({ name, owner }: Module): string | undefined {
  if (owner === 'nobody') return undefined
  if ('by' in owner) return `${name}.${owner.by}`
  return ownerPlace(moduleNamed(owner.module) as Module)
}
