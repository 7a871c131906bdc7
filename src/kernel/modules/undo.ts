import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { eventsBy } from '../history/history.ts'
import { referenceAt } from '../reference.ts'
import type { Body, Values } from '../web/form.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { Stale, versionIn } from '../web/record.ts'
import { Refusal } from '../web/refusal.ts'
import type { Link } from '../web/session.ts'
import type { Viewer } from '../web/viewer.ts'
import { binPath, findBinned } from './bin.ts'
import { wordsOf } from './catalogue.ts'
import { fieldsFor } from './form-values.ts'
import { withLineFields } from './lines.ts'
import { givenColumn, has, type Module, nameOf, type Stored } from './module.ts'
import type { Mount } from './mount.ts'
import { askingFor, isReached } from './reach.ts'
import { placeAfter, recordAt } from './reading.ts'
import { addressOf } from './record-address.ts'
import { visibleRows } from './records.ts'
import { refuseBarred, refusedBy, saveChecked } from './saving.ts'

/** Whether the engine itself saves the records of a module, so that it can put back what stood there before. */
const isUndoable = (module: Module) =>
  has(module, 'update') && (!module.byHand?.includes('form') || module.writing?.save !== undefined)

/**
 * What a change of a record that stands as this person left it is taken back by, beside the message about it: until
 * somebody changes the record again. Undefined where not all of it may be put back.
 */
export async function undoLink(db: Knex, module: Module, viewer: Viewer, id: number): Promise<Link | undefined> {
  if (!isUndoable(module)) return undefined
  const record = await visibleRows(db, module, viewer).where(`${module.name}.id`, id).first(`${module.name}.*`)
  if (!record || !(await isReached(db, module, askingFor(module, viewer, 'update'), record))) return undefined
  const isLeft = await valuesBefore(db, module, viewer, record)
  return isLeft && { href: `${addressOf(module, record)}/undo`, label: text.record.undo, version: record.version }
}

/** What brings a record back that this person just deleted; undefined where that is another's right, or it is gone for good. */
export async function undeleteLink(db: Knex, module: Module, viewer: Viewer, id: number): Promise<Link | undefined> {
  if (!module.bin || !viewer.can('recycle_bin.restore')) return undefined
  const row = await findBinned(db, module, viewer, id, 'restore').catch((error) => {
    if (error instanceof Refusal) return undefined
    throw error
  })
  return row && { href: `${binPath(module)}/${id}/restoration`, label: text.record.undo, version: row.version }
}

/** Taking back the last change of a record. */
export function undoRoutes(app: FastifyInstance, { records, of, right }: Mount) {
  const permission = right('update')
  if (!permission) return
  const options = { config: { permission }, schema: { params: idParams } }

  app.post<IdParams & { Body: Body }>(`${records}/:id/undo`, options, async (request, reply) => {
    const module = of(request)
    const { viewer } = request
    const record = await recordAt(app.db, request, module, 'update')
    refuseBarred(module, record, 'update', viewer)
    const before = isUndoable(module) ? await valuesBefore(app.db, module, viewer, record) : undefined
    if (!before || versionIn(request.body) !== record.version) throw changedSince()
    await putBack(app.db, request, module, record, before)
    const name = nameOf(module, { ...record, ...before })
    await request.flash(text.record.undone(name), 'notice', await undoLink(app.db, module, viewer, record.id))
    return reply.redirect(await placeAfter(app.db, module, viewer, record), 303)
  })
}

const changedSince = () => new Refusal({ status: 409, message: text.record.undoLate })

async function putBack(db: Knex, request: FastifyRequest, module: Module, record: Stored, before: Values) {
  const { actor, viewer } = request
  const reference = await referenceAt(db, request.revision)
  const stored = Object.fromEntries(module.fields.map(({ name }) => [name, record[name] ?? null]))
  const values = { ...stored, ...before }
  try {
    await db.transaction((trx) =>
      saveChecked({ trx, actor, viewer, reference }, module, record, { version: record.version, values }),
    )
  } catch (error) {
    if (error instanceof Stale) throw changedSince()
    const [reason] = await refusedBy(db, module, error, { values, before: record })
    throw new Refusal({ status: 409, message: reason?.message ?? wordsOf(module).unchanged })
  }
}

const undone = ['update', 'transfer']

/**
 * What stood in the fields of a record before its last change, if this person made it and may change all of them; undefined
 * otherwise, and where lines were changed.
 */
async function valuesBefore(db: Knex, module: Module, viewer: Viewer, record: Stored): Promise<Values | undefined> {
  const { id: record_id, version: record_version } = record
  const made = { record_type: module.name, record_id, record_version, user_id: viewer.id }
  const [event] = await eventsBy(db, made, 1)
  if (!event || !undone.includes(event.action)) return undefined
  const known = new Set(withLineFields(module).map(({ name }) => name))
  const changes = event.changes.filter(({ field }) => known.has(field))
  const own = new Set(fieldsFor(module, viewer, record).map(({ name }) => name))
  if (changes.length === 0 || changes.some(({ field }) => !own.has(field))) return undefined
  const values = Object.fromEntries(changes.map(({ field, before }) => [field, before ?? null]))
  const column = givenColumn(module)
  const isGivenBack = column !== undefined && column in values
  if (isGivenBack && !(await isReached(db, module, askingFor(module, viewer, 'transfer'), record))) return undefined
  return values
}
