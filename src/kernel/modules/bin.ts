import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { countFiles } from '../files/file.ts'
import { recordEvent } from '../history/history.ts'
import type { Permission } from '../permissions.ts'
import { showCount } from '../web/formatting.ts'
import { type Column, fieldColumn, type List } from '../web/list.ts'
import { stampColumn } from '../web/list-columns.ts'
import { eventOf, markDeleted } from '../web/record.ts'
import { forbidden, notFound } from '../web/refusal.ts'
import { inScope } from '../web/scope.ts'
import type { Actor } from '../web/session.ts'
import type { Viewer } from '../web/viewer.ts'
import { linksTo, modulesBelow, ownersOf, wordsOf } from './catalogue.ts'
import { pointingTexts, refusePointed, unpointed } from './links.ts'
import { fieldNamed, type Module, type Owner, ownerColumn, type Reason, rightOf, type Stored } from './module.ts'
import { binnedRows, eraseRecord, kindOf, ownedRows, ownerOf } from './records.ts'
import { indexRecords } from './search-text.ts'
import { tallyRecords } from './tallies.ts'

export type BinAct = 'restore' | 'purge'
export const binNouns = { restore: 'restoration', purge: 'purge' } as const

/** The links of a row of the recycle bin. */
export const binActs = (path: string): Column[] =>
  (['restore', 'purge'] as const).map((act) => ({
    name: act,
    label: text.recycleBin[act],
    kind: 'text',
    permission: `recycle_bin.${act}`,
    cell: ({ id }) => ({ text: text.recycleBin[act], href: `${path}/${id}/${binNouns[act]}` }),
  }))

export const binPath = ({ name }: { name: string }) => `/recycle-bin/${name}`

/** What of a module was deleted, for whom its records are shown. */
export function binListOf(module: Module): List {
  const { name, title, label, owner } = module
  const shown = [title, ...(owner !== 'nobody' && 'by' in owner ? [owner.by] : [])]
  return {
    path: binPath(module),
    title: text.recycleBin.titleOf(label),
    permissions: { view: 'recycle_bin.view' },
    table: name,
    columns: [
      ...shown.map((one) => fieldColumn(fieldNamed(module, one))),
      { ...stampColumn('deleted_at', text.recycleBin.deletedAt), isHidden: false, sort: `${name}.deleted_at` },
      ...binActs(binPath(module)),
    ],
    filters: [],
    order: { column: `${name}.deleted_at`, order: 'desc' },
    rows: (db, viewer) => deletedRows(db, module, viewer).select(`${name}.*`),
    actions: () => [{ label: text.recycleBin.first, href: '/recycle-bin', kind: 'plain' }],
    empty: () => ({ text: text.recycleBin.empty }),
  }
}

const deletedRows = (db: Knex, module: Module, viewer: Viewer) =>
  ownedRows(db, binnedRows(db, module), module, {
    viewer,
    permission: rightOf(module, 'view'),
  })

/**
 * A deleted record; who may delete it may bring it back or take it away for good, with the right of the bin. Throws
 * notFound or forbidden.
 */
export async function findBinned(db: Knex, module: Module, viewer: Viewer, id: number): Promise<Stored> {
  const row = viewer.can(rightOf(module, 'view'))
    ? await deletedRows(db, module, viewer).where(`${module.name}.id`, id).first(`${module.name}.*`)
    : undefined
  if (!row) throw notFound()
  const right: Permission = rightOf(module, 'delete')
  const isReached = !ownersOf(module) || inScope(viewer.scope(right), await ownerOf(db, module, row))
  if (!viewer.can(right) || !isReached) throw forbidden()
  return row
}

/** Takes a record out of the recycle bin. Throws Stale when it no longer stands at its version. */
export async function restoreBinned(trx: Knex, module: Module, row: Stored, actor: Actor) {
  await markDeleted(trx, kindOf(module), row, null, actor)
  await indexRecords(trx, module, [row])
  await tallyRecords(trx, module, { added: [{ ...row, deleted_at: null }] })
}

/** Removes a record for good, with all that hangs on it. Throws Stale when it no longer stands at its version. */
export async function purgeRecord(trx: Knex, module: Module, row: Stored, actor: Actor) {
  for (const below of modulesBelow(module))
    for (const one of await hanging(trx, below, row)) await purgeRecord(trx, below, one, actor)
  await refusePointed(trx, module.name, row.id)
  await eraseRecord(trx, module, row)
  await recordEvent(trx, actor, { ...eventOf(kindOf(module), row), action: 'purge', record_version: row.version + 1 })
}

const hanging = (db: Knex, below: Module, { id }: Stored): Promise<Stored[]> =>
  db(below.name).where({ [ownerColumn(below.owner as Owner)]: id })

const isPointedAt = (module: Module): boolean =>
  linksTo(module.name).length > 0 || modulesBelow(module).some(isPointedAt)

/** Narrows rows of a module to those that can go for good: nothing points at them, nor at what hangs on them. */
export function unheld(db: Knex, rows: Knex.QueryBuilder, module: Module): Knex.QueryBuilder {
  unpointed(db, rows, module.name)
  for (const below of modulesBelow(module).filter(isPointedAt)) {
    const going = unheld(db, db(below.name).select(`${below.name}.id`), below)
    const column = ownerColumn(below.owner as Owner)
    const held = db(below.name).whereNotIn('id', going).whereNotNull(column).select(column)
    rows.whereNotIn(`${module.name}.id`, held)
  }
  return rows
}

/** That the files of a record go with it, in words; nothing where it has none. */
export const fileTexts = async (db: Knex, { name, files }: Module, { id }: Stored): Promise<string[]> =>
  files ? text.files.purgeDetails(await countFiles(db, { record_type: name, record_id: id })) : []

/** Why a record cannot be removed: what hangs on one that goes for good, and what the declaration says. */
export async function heldBy(db: Knex, module: Module, record: Stored): Promise<Reason[]> {
  const hanging = module.bin ? [] : await hangingTexts(db, module, record)
  const held = hanging.length > 0 ? [{ text: wordsOf(module).held(hanging) }] : []
  const pointing = module.bin ? [] : await pointingTexts(db, module.name, record.id)
  if (pointing.length > 0) held.push({ text: text.recycleBin.pointed(pointing) })
  return [...held, ...((await module.hooks?.leaving?.(db, record)) ?? [])]
}

/** How many records of which modules hang on one, in words; nothing where there are none. */
export async function hangingTexts(db: Knex, module: Module, { id }: Stored): Promise<string[]> {
  const said: string[] = []
  for (const below of modulesBelow(module)) {
    const row = await db(below.name)
      .where({ [ownerColumn(below.owner as Owner)]: id })
      .count({ row_count: '*' })
      .first()
    if (Number(row?.row_count) > 0) said.push(text.recycleBin.hanging(below.label, showCount(Number(row?.row_count))))
  }
  return said
}
