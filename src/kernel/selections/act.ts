import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { insertAll, isUniqueViolation } from '../db/dialect.ts'
import { activeStates } from '../jobs/job.ts'
import type { Permission } from '../permissions.ts'
import type { BulkChange, RecordVersion } from '../web/bulk.ts'
import { notFound, Refusal } from '../web/refusal.ts'
import type { Viewer } from '../web/viewer.ts'
import { kindOf, kinds } from './kinds.ts'
import type { Selection } from './selection.ts'

/** What was done to the records of a selection, all at once 「批量操作」; which they were stands in batch_act_rows. */
export type BatchAct = {
  id: number
  selection_id: number
  user_id: number
  /** The path of the list. */
  list: string
  label: string
  /** JSON of a BulkChange, or of 'delete'. */
  change: string
  /** The right that it took. */
  permission: Permission
  state: 'doing' | 'done' | 'undoing' | 'undone'
  /** The job that does it, or takes it back. */
  job_id: number | null
  changed_count: number
  undone_count: number
  acted_at: string
}

export const changeOf = ({ change }: BatchAct): BulkChange | 'delete' => JSON.parse(change)

const day = 86_400_000
/** So many rows are kept for taking acts back, of the newest. */
const mostRows = 3_000_000

type Begun = Pick<BatchAct, 'label' | 'permission'> & { change: BulkChange | 'delete' }

/** Notes an act down before it is done. Throws a Refusal when something was done with the selection before. */
export async function beginAct(trx: Knex, selection: Selection, { change, ...rest }: Begun): Promise<number> {
  const act = {
    ...rest,
    selection_id: selection.id,
    user_id: selection.user_id,
    list: selection.list,
    change: JSON.stringify(change),
    state: 'doing',
    job_id: null,
    changed_count: 0,
    undone_count: 0,
    acted_at: new Date().toISOString(),
  }
  try {
    return (await trx('batch_acts').insert(act).returning('id'))[0].id
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new Refusal({ status: 409, message: text.batchActs.again })
  }
}

/** Notes down the records of a step that were changed, as they stand now. */
export async function keepActed(trx: Knex, id: number, changed: RecordVersion[]) {
  const rows = changed.map((one) => ({
    act_id: id,
    record_id: one.id,
    record_version: one.version + 1,
    is_kept: false,
  }))
  await insertAll(trx, 'batch_act_rows', rows)
  await trx('batch_acts').where({ id }).increment('changed_count', rows.length)
}

export const saveAct = (trx: Knex, id: number, values: Partial<BatchAct>) =>
  trx('batch_acts').where({ id }).update(values)

/** The acts that this person may look at: one's own, and those one may take back. */
export function visibleActs(db: Knex, viewer: Viewer): Knex.QueryBuilder {
  const others = kinds()
    // What others did may be taken back by whoever may delete all records of the kind, as with imports.
    .filter(({ reachesAll }) => reachesAll(viewer, 'delete'))
    .map(({ list }) => list.path)
  return db('batch_acts')
    .where('batch_acts.acted_at', '>', new Date(Date.now() - day).toISOString())
    .where((any) => any.where('batch_acts.user_id', viewer.id).orWhereIn('batch_acts.list', others))
    .select('batch_acts.*')
}

export async function findAct(db: Knex, viewer: Viewer, id: number): Promise<BatchAct> {
  const found = await visibleActs(db, viewer).where('batch_acts.id', id).first()
  if (!found) throw notFound()
  return found
}

/** What this person did last to many records of a list, within a day. */
export const latestAct = (db: Knex, viewer: Viewer, list: string): Promise<BatchAct | undefined> =>
  visibleActs(db, viewer)
    .where({ 'batch_acts.user_id': viewer.id, 'batch_acts.list': list })
    .orderBy('batch_acts.id', 'desc')
    .first()

/** One's own act may be taken back while one has the right it took; it is visible only to who may take it back. */
export const mayUndo = (viewer: Viewer, { user_id, permission }: BatchAct) =>
  user_id !== viewer.id || viewer.can(permission)

/** Whether there is something to take back, and nobody is at it. */
export async function isUndoable(db: Knex, act: BatchAct): Promise<boolean> {
  const { state, job_id, changed_count } = act
  if (changeOf(act) === 'delete' && kindOf(act).list.selection.isForGood) return false
  if (state === 'undone' || changed_count === 0) return false
  return !job_id || !(await db('jobs').where({ id: job_id }).whereIn('state', activeStates).first('id'))
}

/** Removes acts that nobody can take back any more: a day old, or older than the newest with so many rows. */
export async function forgetActs(db: Knex) {
  const acts: Pick<BatchAct, 'id' | 'changed_count' | 'acted_at'>[] = await db('batch_acts')
    .orderBy('id', 'desc')
    .select('id', 'changed_count', 'acted_at')
  const since = new Date(Date.now() - day).toISOString()
  let rows = 0
  for (const { id, changed_count, acted_at } of acts) {
    rows += changed_count
    if (acted_at > since && rows <= mostRows) continue
    await db('batch_act_rows').where({ act_id: id }).delete()
    await db('batch_acts').where({ id }).delete()
  }
}
