import type { Knex } from 'knex'
import type { Permission } from '../permissions.ts'
import { scopedTo } from '../web/scope.ts'
import type { Viewer } from '../web/viewer.ts'
import { viewRight } from '../web/viewers.ts'
import { moduleNamed } from './catalogue.ts'
import { type Module, rightOf } from './module.ts'
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

/** The rows of a module that a right of this person reaches, without those in the recycle bin. */
export function visibleRows(db: Knex, module: Module, viewer: Viewer, permission = rightOf(module, 'view')) {
  return ownedRows(db, livingRows(db, module), module, { viewer, permission })
}

type Asking = { viewer: Viewer; permission: Permission }

/** Narrows to the records of whom a right reaches; those of nobody are for all who have it. */
export function ownedRows(db: Knex, rows: Knex.QueryBuilder, module: Module, asking: Asking): Knex.QueryBuilder {
  const { viewer, permission } = asking
  if (module.personal) return rows.where(`${module.name}.${module.personal}`, viewer.id)
  if (module.owner === 'nobody') return mayLook(viewer, permission) ? rows : rows.whereIn(`${module.name}.id`, [])
  if ('by' in module.owner) return scopedTo(db, rows, `${module.name}.${module.owner.by}`, viewer.scope(permission))
  const above = moduleNamed(module.owner.module) as Module
  rows.join(above.name, `${above.name}.id`, `${module.name}.${module.owner.through}`)
  if (above.bin) rows.whereNull(`${above.name}.deleted_at`)
  return ownedRows(db, rows, above, asking)
}

/** What is not to be seen is not reached by another right either. */
const mayLook = ({ can }: Viewer, permission: Permission) => can(permission) && can(viewRight(permission))

/** The column of those whose the records are, with its table, which `visibleRows` joins; undefined where they are nobody's. */
export function ownerPlace({ name, owner }: Module): string | undefined {
  if (owner === 'nobody') return undefined
  if ('by' in owner) return `${name}.${owner.by}`
  return ownerPlace(moduleNamed(owner.module) as Module)
}
