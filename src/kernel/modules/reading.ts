import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Act } from '../permissions.ts'
import { referenceAt } from '../reference.ts'
import { maskRow } from '../web/masks.ts'
import type { IdParams } from '../web/params.ts'
import { seeing } from '../web/unmasking.ts'
import { withNames } from './link-names.ts'
import { type Module, rightOf } from './module.ts'
import { findRecord } from './records.ts'

/**
 * A record as this person reads it, and who that is while something is shown whole. Throws notFound or forbidden where the
 * right to an act does not reach it.
 */
export async function readRecord({ db }: FastifyInstance, request: FastifyRequest<IdParams>, module: Module, act: Act) {
  const stored = await findRecord(db, module, request.viewer, request.params.id, rightOf(module, act))
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
