import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Act } from '../permissions.ts'
import { referenceAt } from '../reference.ts'
import type { Row } from '../web/list.ts'
import { maskRow } from '../web/masks.ts'
import type { IdParams } from '../web/params.ts'
import { notFound } from '../web/refusal.ts'
import { seeing } from '../web/unmasking.ts'
import type { Viewer } from '../web/viewer.ts'
import { withNames } from './link-names.ts'
import { type Module, nameOf, type Owner, ownerColumn, rightOf, type Stored } from './module.ts'
import { collectionOf, placeOf } from './record-address.ts'
import { findRecord, visibleRows } from './records.ts'

/** What a record is named by, as this person may read it. */
export const seenName = (module: Module, record: Stored, viewer: Viewer): string =>
  nameOf(module, maskRow(record, module.fields, viewer))

/** The parameter of an address that says on what a record hangs. */
export const aboveParam = ({ under }: Module): string | undefined => under && /:(\w+)/.exec(under)?.[1]

/**
 * The record that an address names. Throws notFound or forbidden where the right to an act does not reach it, or where it
 * hangs on another than the address says.
 */
export async function recordAt(
  db: Knex,
  { viewer, params }: FastifyRequest,
  module: Module,
  act: Act,
): Promise<Stored> {
  const named = params as Record<string, unknown>
  const record = await findRecord(db, module, viewer, Number(named.id), act)
  const above = aboveParam(module)
  if (above && String(record[ownerColumn(module.owner as Owner)]) !== String(named[above])) throw notFound()
  return record
}

/** Where one goes after a change: to the record, or to those beside it where that is not to be seen any more. */
export async function placeAfter(db: Knex, module: Module, viewer: Viewer, record: Row): Promise<string> {
  const id = `${module.name}.id`
  const isSeen = await visibleRows(db, module, viewer).where(id, record.id).first(id)
  return isSeen ? placeOf(module, record) : collectionOf(module, record)
}

/**
 * A record as this person reads it, and who that is while something is shown whole. Throws notFound or forbidden where the
 * right to an act does not reach it.
 */
export async function readRecord({ db }: FastifyInstance, request: FastifyRequest<IdParams>, module: Module, act: Act) {
  const stored = await recordAt(db, request, module, act)
  const viewer = await seeing(db, request, {
    table: module.name,
    id: stored.id,
    permission: rightOf(module, 'unmask'),
  })
  return {
    stored,
    viewer,
    record: maskRow(stored, module.fields, viewer),
    fields: await withNames(db, viewer, module.fields, [stored]),
    reference: await referenceAt(db, request.revision),
  }
}
