import type { Knex } from 'knex'
import { insertAll } from '../db/dialect.ts'
import { eventRow } from '../history/history.ts'
import {
  type ActingContext,
  type BulkChange,
  type Done,
  type RecordVersion,
  type Restored,
  refuseGone,
  saveColumns,
  type UndoBy,
  unchanged,
} from '../web/bulk.ts'
import { stillUsable, valuesBefore } from '../web/bulk-undo.ts'
import type { Values } from '../web/form.ts'
import { joined, valuesIn } from '../web/multi-value.ts'
import { changesBetween, eventOf } from '../web/record.ts'
import { moveToBin, takeFromBin } from './bin-moves.ts'
import { deriveRecords } from './derived.ts'
import { heldBy } from './held.ts'
import { saveLinked, withLinked, withLivingLinked, withoutLinked } from './linked.ts'
import { givenColumn, isHanging, type Module, type Stored } from './module.ts'
import { type Asking, askingFor, ownedRows } from './reach.ts'
import { binnedRows, eraseRecords, kindOf, livingRows } from './records.ts'

const idsOf = (records: { id: number }[]) => records.map(({ id }) => id)

/**
 * Changes records that still stand as they were meant, a few hundred at once, in the caller's transaction, with their
 * history; what a check of the declaration finds wrong is refused.
 */
export const changeMany = (
  trx: Knex,
  module: Module,
  meant: RecordVersion[],
  change: BulkChange | Restored,
  by: ActingContext,
) => changeAmong(trx, livingRows(trx, module), module, meant, change, by)

/** Gives records of the recycle bin, as they were meant, to somebody. */
export const giveBinned = (trx: Knex, module: Module, meant: RecordVersion[], value: number, by: ActingContext) =>
  changeAmong(trx, binnedRows(trx, module), module, meant, { column: givenColumn(module) as string, value }, by)

async function changeAmong(
  trx: Knex,
  rows: Knex.QueryBuilder,
  module: Module,
  meant: RecordVersion[],
  change: BulkChange | Restored,
  by: ActingContext,
): Promise<Done> {
  const { actor, viewer, reference, said } = by
  const column = givenColumn(module)
  if (column && 'value' in change && change.column === column) await refuseGone(trx, change.value, column)
  const asking = askingFor(module, viewer, said?.action ?? 'update')
  const found = await locked(trx, rows, module, meant, asking)
  const differing = found.flatMap((before) => {
    const after: Stored = { ...before, ...valuesAfter(before, change) }
    const changes = changesBetween(module.fields, before, after, reference)
    return changes.length > 0 ? [{ before, after, changes }] : []
  })
  const run = { trx, actor, viewer, reference }
  const changed: typeof differing = []
  const reasons: string[] = []
  for (const one of differing) {
    const barred = module.hooks?.barred?.(one.before, 'update', viewer)
    const [problem] = (await module.hooks?.check?.(run, valuesOf(module, one.after), one.before)) ?? []
    const reason = barred ?? problem?.message
    if (reason) reasons.push(reason)
    else changed.push(one)
  }
  const columnsOf = ({ before, after }: (typeof changed)[number]) => ({
    id: before.id,
    ...withoutLinked(module, valuesAfter(before, change)),
    ...module.hooks?.fill?.(valuesOf(module, after)),
  })
  await saveColumns(trx, module.name, changed.map(columnsOf))
  for (const { before, after } of changed) await saveLinked(trx, module, after, before)
  const sides = { before: changed.map(({ before }) => before), after: changed.map(({ after }) => after) }
  await deriveRecords(trx, module, sides)
  const events = changed.map(({ after, changes }) =>
    eventRow(actor, {
      ...eventOf(kindOf(module), after),
      action: said?.action ?? 'update',
      record_version: after.version + 1,
      changes: [...changes, ...(said?.changes ?? [])],
    }),
  )
  await insertAll(trx, 'events', events)
  for (const { before, after } of changed) await module.hooks?.saved?.(run, after, before)
  return {
    changed: changed.length,
    same: found.length - differing.length,
    skipped: meant.length - found.length,
    refused: reasons.length,
    reason: reasons[0],
    changedIds: idsOf(changed.map(({ before }) => before)),
  }
}

/** Removes records that still stand as they were meant, to the recycle bin or for good; those that are held stay. */
export async function removeMany(trx: Knex, module: Module, meant: RecordVersion[], by: ActingContext): Promise<Done> {
  const asking = askingFor(module, by.viewer, 'delete')
  const found = await locked(trx, livingRows(trx, module), module, meant, asking)
  const going: Stored[] = []
  const reasons: string[] = []
  for (const record of found) {
    const [reason] = await heldBy(trx, module, record)
    if (reason) reasons.push(reason.text)
    else going.push(record)
  }
  const rows = trx(module.name).whereIn('id', idsOf(going))
  if (module.bin) {
    const deleted_at = new Date().toISOString()
    await rows.update({ deleted_at }).increment('version', 1)
    await moveToBin(trx, module, going, deleted_at)
  } else await eraseRecords(trx, module, going)
  await keepEvents(trx, module, going, 'delete', by)
  return {
    changed: going.length,
    same: 0,
    skipped: meant.length - found.length,
    refused: reasons.length,
    reason: reasons[0],
    changedIds: idsOf(going),
  }
}

/**
 * Gives records back what a change of many took from them, as their history has it, or takes them out of the recycle bin:
 * those that still stand as it left them (`acted`), as long as what they had is still there. Answers their ids.
 */
export async function restoreMany(
  trx: Knex,
  module: Module,
  acted: RecordVersion[],
  change: BulkChange | 'delete',
  by: UndoBy,
): Promise<number[]> {
  if (change === 'delete') return unbin(trx, module, acted, by)
  const found = await valuesBefore(trx, kindOf(module), acted, by.since)
  const living = await withLivingLinked(trx, module, [...found.values()])
  const before = new Map([...found.keys()].map((id, at) => [id, living[at] as Values]))
  const given = { fields: module.fields, reference: by.reference, ownerColumn: givenColumn(module) }
  const usable = await stillUsable(trx, before, given)
  const meant = acted.filter(({ id }) => usable.has(id))
  return (await changeMany(trx, module, meant, { restored: usable }, by)).changedIds
}

async function unbin(trx: Knex, module: Module, acted: RecordVersion[], by: UndoBy): Promise<number[]> {
  if (!module.bin) return []
  const asking = askingFor(module, by.viewer, 'delete')
  const found = await locked(trx, binnedRows(trx, module), module, acted, asking)
  await trx(module.name).whereIn('id', idsOf(found)).update({ deleted_at: null }).increment('version', 1)
  await keepEvents(trx, module, found, 'restore', by)
  await takeFromBin(trx, module, found, by.actor)
  return idsOf(found)
}

/** Those of the meant that a right reaches and that still stand so; nobody comes between the look and the change. */
async function locked(
  trx: Knex,
  rows: Knex.QueryBuilder,
  module: Module,
  meant: RecordVersion[],
  asking: Asking,
): Promise<Stored[]> {
  const { name } = module
  const ids = idsOf(meant)
  // The rows of one table are locked by themselves: SQL Server takes the hint of a lock behind no join.
  const isJoined = isHanging(module)
  if (isJoined) await trx(name).whereIn('id', ids).orderBy('id').forUpdate().select('id')
  const reached = ownedRows(trx, rows, module, asking)
    .whereIn(`${name}.id`, ids)
    .orderBy(`${name}.id`)
    .select(`${name}.*`)
  const found: Stored[] = await (isJoined ? reached : reached.forUpdate())
  return withLinked(trx, module, unchanged(found, meant))
}

function valuesAfter(record: Stored, change: BulkChange | Restored): Values {
  if ('restored' in change) return change.restored.get(record.id) ?? {}
  if ('value' in change) return { [change.column]: change.value }
  const others = valuesIn(record[change.column]).filter((one) => one !== String(change.one))
  return { [change.column]: joined(change.isRemoved ? others : [...others, change.one]) }
}

const valuesOf = ({ fields }: Module, record: Stored): Values =>
  Object.fromEntries(fields.map(({ name }) => [name, record[name] ?? null]))

async function keepEvents(trx: Knex, module: Module, records: Stored[], action: string, { actor }: ActingContext) {
  const event = (record: Stored) =>
    eventRow(actor, { ...eventOf(kindOf(module), record), action, record_version: record.version + 1 })
  await insertAll(trx, 'events', records.map(event))
}
