import type { Knex } from 'knex'
import { unindexed } from '../db/dialect.ts'
import { type Act, isLooking, type Permission, partsOf, rangedOver } from '../permissions.ts'
import { inScope, isDense, scopedTo } from '../web/scope.ts'
import type { Scope, Viewer } from '../web/viewer.ts'
import { meeting, viewRight } from '../web/viewers.ts'
import { aboveOf, modulesAmong, ownersOf } from './catalogue.ts'
import { type Among, type Module, rightOf } from './module.ts'

/**
 * Who asks for records of a module, for which act, and the rights each of which must reach them, by the range over the
 * records of `over` where they hang on those of several modules.
 */
export type Asking = { viewer: Viewer; act: Act; rights: Permission[]; over?: string | undefined }

/** Who asks by the module's own right to an act; what is not to be seen is not reached by it either. */
export const askingFor = (module: Module, viewer: Viewer, act: Act): Asking => ({
  viewer,
  act,
  rights: [...new Set([rightOf(module, act), rightOf(module, 'view')])],
})

/** Who asks by such a right, for records that may be looked at. */
export const askingOver = (module: Module, viewer: Viewer, right: Permission): Asking => ({
  viewer,
  act: partsOf(right)[1],
  rights: [right, viewRight(right), rightOf(module, 'view')],
  over: ownersOf(module),
})

const mayAsk = ({ viewer, rights }: Asking) => rights.every((right) => viewer.can(right))
const scopeOf = ({ viewer, rights, over }: Asking): Scope =>
  rights
    .map((right) =>
      viewer.scope(
        right,
        rangedOver(right).find((one) => one === over),
      ),
    )
    .reduce(meeting)

/**
 * Narrows rows of a module to the records that are reached; those of nobody are for all who have the rights. `place` says
 * how the columns of what is personal are written, where nothing is to be found by their indexes.
 */
export function ownedRows(
  db: Knex,
  rows: Knex.QueryBuilder,
  module: Module,
  asking: Asking,
  place = (column: string) => `${module.name}.${column}`,
): Knex.QueryBuilder {
  const { name, owner, personal } = module
  if (personal && mayAsk(asking)) return personalRows(rows, module, personal, asking, place)
  if (owner === 'nobody') return mayAsk(asking) ? rows : rows.whereIn(`${name}.id`, [])
  if ('by' in owner) return scopedOrGiven(db, rows, module, owner.by, asking)
  if ('among' in owner) return ownedAmong(db, rows, name, owner, asking)
  const above = aboveOf(module) as Module
  rows.join(above.name, `${above.name}.id`, `${name}.${owner.through}`)
  if (above.bin) rows.whereNull(`${above.name}.deleted_at`)
  return ownedRows(db, rows, above, asking)
}

/** Of what is personal one's own; what is shared is seen by all who may look, and changed by who may share. */
function personalRows(
  rows: Knex.QueryBuilder,
  module: Module,
  personal: string,
  asking: Asking,
  place: (column: string) => string,
) {
  const { shared } = module
  const own = (some: Knex.QueryBuilder) => some.where(place(personal), asking.viewer.id)
  if (!shared) return own(rows)
  return reachesShared(module, asking)
    ? rows.where((any) => own(any).orWhere(place(shared), true))
    : own(rows).where(place(shared), false)
}

/** Those within reach, and those that this person gave to others. */
function scopedOrGiven(db: Knex, rows: Knex.QueryBuilder, { name, giver }: Module, by: string, asking: Asking) {
  const scope = scopeOf(asking)
  if (!giver || scope === 'all' || !mayAsk(asking)) return scopedTo(db, rows, `${name}.${by}`, scope)
  return rows.where((any) => {
    any.where((own) => void scopedTo(db, own, `${name}.${by}`, scope)).orWhere(`${name}.${giver}`, asking.viewer.id)
  })
}

const reachesShared = (module: Module, { viewer, act }: Asking) =>
  isLooking(act) || viewer.can(rightOf(module, 'share'))

/**
 * Those that hang on records which are reached too. Where those that belong to people are of few, all of them are led to;
 * else they are met soon along any order.
 */
function ownedAmong(
  db: Knex,
  rows: Knex.QueryBuilder,
  name: string,
  owner: Among,
  { viewer, rights: [right] }: Asking,
) {
  const [type, id] = [`${name}.${owner.among}`, `${name}.${owner.through}`]
  const ways = modulesAmong(owner)
    .map((above) => ({ above, asking: askingOver(above, viewer, right as Permission) }))
    .filter(({ asking }) => mayAsk(asking))
  if (ways.length === 0) return rows.whereIn(`${name}.id`, [])
  const owned = ways.filter(({ above }) => ownersOf(above) !== undefined)
  const isLed = owned.length > 0 && !owned.some(({ asking }) => isDense(scopeOf(asking)))
  return rows.where((any) => {
    for (const { above, asking } of ways) {
      const living = db(above.name).select(`${above.name}.id`)
      if (above.bin) living.whereNull(`${above.name}.deleted_at`)
      const records = ownedRows(db, living, above, asking)
      any.orWhere((one) => {
        one.where(isLed ? type : (unindexed(db, type) as string), above.name)
        if (isLed && ownersOf(above) !== undefined) one.whereIn(id, records)
        else one.whereExists(records.where(`${above.name}.id`, db.ref(id)))
      })
    }
  })
}

/** Whether everybody's records are reached, where they belong to people. */
export const reachesAll = (module: Module, asking: Asking): boolean =>
  !module.personal && ownersOf(module) !== undefined && mayAsk(asking) && scopeOf(asking) === 'all'

/** Which askings reach one record, by the same rule; what it hangs on is read once, whether it is in the bin or not. */
export async function reachOn(db: Knex, module: Module, row: Row): Promise<(asking: Asking) => boolean> {
  const last = await lastAbove(db, module, row)
  return (asking) => last !== undefined && mayAsk(asking) && isOwned(last, asking)
}

/** Whether one record is reached. */
export const isReached = async (db: Knex, module: Module, asking: Asking, row: Row): Promise<boolean> =>
  (await reachOn(db, module, row))(asking)

function isOwned({ module, row }: Placed, asking: Asking): boolean {
  const { owner, personal, shared, giver } = module
  if (giver && row[giver] === asking.viewer.id) return true
  if (shared && row[shared]) return reachesShared(module, asking)
  if (personal) return row[personal] === asking.viewer.id
  return owner === 'nobody' || !('by' in owner) || inScope(scopeOf(asking), row[owner.by])
}

type Row = Record<string, unknown>
type Placed = { module: Module; row: Row }

/** The record that says whose one is: itself, or the last of those it hangs on; undefined where one of them is gone. */
async function lastAbove(db: Knex, module: Module, row: Row): Promise<Placed | undefined> {
  const { owner } = module
  if (owner === 'nobody' || 'by' in owner) return { module, row }
  const above = aboveOf(module, row)
  const record =
    above &&
    (await db(above.name)
      .where({ id: row[owner.through] as number })
      .first())
  return record && lastAbove(db, above, record)
}

/** Whose a record is; null of what belongs to nobody. */
export async function ownerOf(db: Knex, module: Module, row: Row): Promise<number | null> {
  const last = await lastAbove(db, module, row)
  const owner = last?.module.owner ?? 'nobody'
  return owner !== 'nobody' && 'by' in owner ? (last?.row[owner.by] as number) : null
}
