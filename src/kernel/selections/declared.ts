import { changeMany, removeMany, restoreMany } from '../modules/bulk.ts'
import { listOf } from '../modules/list.ts'
import type { Module } from '../modules/module.ts'
import { askingFor, reachesAll } from '../modules/reach.ts'
import { placeOf } from '../modules/record-address.ts'
import { visibleRows } from '../modules/records.ts'
import type { SelectableList } from '../web/list.ts'
import type { Kind } from './kinds.ts'

const made = new WeakMap<Module, Kind>()

/** What is done to many records of a declared module at once. */
export function kindOfModule(module: Module): Kind {
  const known = made.get(module)
  if (known) return known
  const kind: Kind = {
    list: listOf(module) as SelectableList,
    title: module.title,
    href: (row) => placeOf(module, row),
    visible: (db, viewer, act) => visibleRows(db, module, viewer, act),
    reachesAll: (viewer, act) => reachesAll(module, askingFor(module, viewer, act)),
    change: (trx, meant, change, by) => changeMany(trx, module, meant, change, by),
    remove: (trx, meant, by) => removeMany(trx, module, meant, by),
    restore: (trx, acted, change, by) => restoreMany(trx, module, acted, change, by),
  }
  made.set(module, kind)
  return kind
}
