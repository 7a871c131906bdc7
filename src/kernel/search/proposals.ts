import type { Knex } from 'knex'
import { declaredModules } from '../modules/catalogue.ts'
import { creationOf } from '../modules/creation.ts'
import { has, isHanging, type Module, rightOf } from '../modules/module.ts'
import type { Viewer } from '../web/viewer.ts'
import { type Asked, groupOf } from './results.ts'
import type { SearchSource } from './source.ts'
import { isSearched } from './sources.ts'

/** So many records of each module are proposed while somebody types, and so many modules for a new one. */
const most = 4
const mostNew = 2

/** What is proposed below the box on top: records of all kinds with the reason of the hit. */
export async function proposalsFor(db: Knex, sources: SearchSource[], asked: Asked) {
  const groups = []
  for (const source of sources) groups.push(await groupOf(db, source, asked, { per: most, isBrief: true }))
  return groups
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, rows }) => ({
      title,
      rows: rows.map(({ cells }) => ({
        name: cells[0]?.text ?? '',
        href: cells[0]?.href ?? '',
        reason: cells.at(-1)?.text,
      })),
    }))
}

/** Where what was not found is added under the name that was typed, for who may. */
export function creationsFor(viewer: Viewer, q: string): { label: string; href: string }[] {
  const isAdded = (module: Module) =>
    isSearched(module) && !isHanging(module) && has(module, 'create') && viewer.can(rightOf(module, 'create'))
  return declaredModules()
    .filter(isAdded)
    .slice(0, mostNew)
    .flatMap((module) => creationOf(module, q) ?? [])
}
