import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { insertAll } from '../db/dialect.ts'
import { eventRow } from '../history/history.ts'
import type { Permission } from '../permissions.ts'
import { fieldColumn } from '../web/field-column.ts'
import { link } from '../web/link-kind.ts'
import type { Column, List } from '../web/list.ts'
import { stampColumn } from '../web/list-columns.ts'
import { maskRow } from '../web/masks.ts'
import { eventOf, markDeleted } from '../web/record.ts'
import { forbidden, notFound, Refusal } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'
import type { Viewer } from '../web/viewer.ts'
import { takeFromBin } from './bin-moves.ts'
import { aboveOf, moduleNamed, modulesBelow, modulesWithRows, ownersOf } from './catalogue.ts'
import { pointedIds, refusePointed } from './links.ts'
import { listOf } from './list.ts'
import { fieldNamed, type Module, type Owner, ownerColumn, rightOf, type Stored } from './module.ts'
import { type Asking, ownedRows, reachOn } from './reach.ts'
import { placeOf } from './record-address.ts'
import { binnedRows, eraseRecords, hangingOn, kindOf } from './records.ts'

export type BinAct = 'restore' | 'purge'
export const binNouns = { restore: 'restoration', purge: 'purge' } as const

/** Where what was deleted of a module is brought back or taken away for good. */
export const binPath = ({ path }: Pick<Module, 'path'>) => `/recycle-bin${path}`

/**
 * The right by which what was deleted is reached: one of the bin, where those reach as far as the rights over the records
 * (`covers`), else to look at the records, or to delete them.
 */
export function binRight(module: Module, act: 'view' | BinAct): Permission {
  const isCovered = moduleNamed(ownersOf(module) ?? '')?.covers?.includes('recycle_bin')
  return isCovered ? `recycle_bin.${act}` : rightOf(module, act === 'view' ? 'view' : 'delete')
}

/** What of a module was deleted, for whom its records are shown; of what hangs on others only what was deleted by itself. */
export function binListOf(module: Module): List {
  const { name, fields, label } = module
  return {
    path: binPath(module),
    title: text.recycleBin.titleOf(label),
    permissions: { view: 'recycle_bin.view' },
    table: name,
    columns: [
      ...leadingFields(module).map((field) => fieldColumn(field)),
      ...aboveColumn(module),
      { ...stampColumn('deleted_at', text.recycleBin.deletedAt), isHidden: false, sort: `${name}.deleted_at` },
      ...actColumns(module),
    ],
    filters: [],
    order: { column: `${name}.deleted_at`, order: 'desc' },
    rows: (db, viewer) => deletedRows(db, module, viewer).select(`${name}.*`, ...aboveNames(module)),
    mask: (row, viewer) => maskRow(row, fields, viewer),
    empty: () => ({ text: text.recycleBin.empty }),
  }
}

/** What names a record at the beginning of its list, and whose it is. */
function leadingFields(module: Module) {
  const { title, owner } = module
  const listed = listOf(module).columns.map(({ name }) => name)
  const leading = listed
    .slice(0, listed.indexOf(title))
    .filter((name) => (fieldNamed(module, name)?.kind ?? link) !== link)
  return [...leading, title, ...(owner !== 'nobody' && 'by' in owner ? [owner.by] : [])].map((name) =>
    fieldNamed(module, name),
  )
}

const aboveName = 'above_name'

function aboveNames(module: Module): string[] {
  const above = aboveOf(module)
  return above ? [`${above.name}.${above.title} as ${aboveName}`] : []
}

/** What a record hangs on, with the way there. */
function aboveColumn(module: Module): Column[] {
  const above = aboveOf(module)
  if (!above) return []
  const { mask } = fieldNamed(above, above.title)
  return [
    {
      name: aboveName,
      label: text.record.above(above.label),
      kind: 'text',
      ...(mask && { mask }),
      cell: (row) => ({
        text: String(row[aboveName]),
        href: placeOf(above, { id: row[ownerColumn(module.owner as Owner)] as number }),
      }),
    },
  ]
}

/** The links of a row of the recycle bin. */
const actColumns = (module: Module): Column[] =>
  (['restore', 'purge'] as const).map((act) => ({
    name: act,
    label: text.recycleBin[act],
    kind: 'text',
    permission: `recycle_bin.${act}`,
    cell: ({ id }) => ({ text: text.recycleBin[act], href: `${binPath(module)}/${id}/${binNouns[act]}` }),
  }))

/** Who asks for what was deleted: to look at it, or to bring it back or take it away, as who deletes does. */
const askingOfBin = (module: Module, viewer: Viewer, act: 'view' | BinAct): Asking => ({
  viewer,
  act: act === 'view' ? 'view' : 'delete',
  rights: [binRight(module, act), binRight(module, 'view')],
})

const deletedRows = (db: Knex, module: Module, viewer: Viewer) =>
  ownedRows(db, binnedRows(db, module), module, askingOfBin(module, viewer, 'view'))

/**
 * A deleted record that an act of this person reaches. Throws notFound or forbidden, or a Refusal where what it hangs on
 * must be brought back first.
 */
export async function findBinned(db: Knex, module: Module, viewer: Viewer, id: number, act: BinAct): Promise<Stored> {
  const row: Stored | undefined = await binnedRows(db, module).where({ id }).first()
  if (!row) throw notFound()
  const reaches = await reachOn(db, module, row)
  if (!reaches(askingOfBin(module, viewer, 'view'))) throw notFound()
  if (!reaches(askingOfBin(module, viewer, act))) throw forbidden()
  const gone = await binnedAbove(db, module, row)
  if (gone) throw new Refusal({ status: 409, message: text.recycleBin.aboveIsDeleted(gone.label) })
  return row
}

/** The module of what a record hangs on, where that is in the recycle bin too. */
async function binnedAbove(db: Knex, module: Module, row: Stored): Promise<Module | undefined> {
  const above = aboveOf(module)
  if (!above) return undefined
  const record: Stored | undefined = await db(above.name)
    .where({ id: row[ownerColumn(module.owner as Owner)] as number })
    .first()
  return record?.deleted_at ? above : record && binnedAbove(db, above, record)
}

/** Takes a record out of the recycle bin. Throws Stale when it no longer stands at its version. */
export async function restoreBinned(trx: Knex, module: Module, row: Stored, actor: Actor) {
  await markDeleted(trx, kindOf(module), row, null, actor)
  await takeFromBin(trx, module, [row], actor)
}

const atOnce = 500

/**
 * Removes records, at most 500, for good, with all that hangs on them. Throws Stale when one no longer stands at its version,
 * a Refusal where something points at one.
 */
export async function purgeRecords(trx: Knex, module: Module, rows: Stored[], actor: Actor) {
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  for (const below of modulesBelow(module, modulesWithRows()).filter(({ hooks }) => !hooks?.erased))
    for (let hanging = [...rows]; hanging.length > 0; ) {
      hanging = await hangingOn(trx(below.name), below, module, ids).orderBy('id').limit(atOnce)
      await purgeRecords(trx, below, hanging, actor)
    }
  const [pointed] = await pointedIds(trx, module.name, ids)
  if (pointed !== undefined) await refusePointed(trx, module.name, pointed)
  await eraseRecords(trx, module, rows)
  const purged = (row: Stored) =>
    eventRow(actor, { ...eventOf(kindOf(module), row), action: 'purge', record_version: row.version + 1 })
  await insertAll(trx, 'events', rows.map(purged))
}
