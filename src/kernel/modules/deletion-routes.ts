import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { removePurged } from '../files/file.ts'
import { fileFolder } from '../files/storage.ts'
import { referenceAt } from '../reference.ts'
import type { Body } from '../web/form.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { refuseStale } from '../web/record.ts'
import { readAbove } from './above.ts'
import { wordsOf } from './catalogue.ts'
import { heldBy, removalTexts } from './held.ts'
import type { Module, Reason, Stored } from './module.ts'
import type { Mount } from './mount.ts'
import { recordAt, seenName } from './reading.ts'
import { addressOf, collectionOf, placeOf } from './record-address.ts'
import { beginChange } from './records.ts'
import { refuseBarred, remove } from './saving.ts'
import { undeleteLink } from './undo.ts'

/** A record goes to the recycle bin, or for good, after a page that says so; one that is held says by what. */
export function deletionRoutes(app: FastifyInstance, { records: place, of, right }: Mount) {
  const permission = right('delete')
  if (!permission) return
  const options = { config: { permission }, schema: { params: idParams } }

  const find = async (db: Knex, request: FastifyRequest<IdParams>) => {
    const module = of(request)
    const record = await recordAt(db, request, module, 'delete')
    refuseBarred(module, record, 'delete', request.viewer)
    return record
  }

  app.get<IdParams>(`${place}/:id/deletion`, options, async (request, reply) => {
    const module = of(request)
    const record = await find(app.db, request)
    const held = await heldBy(app.db, module, record)
    return held.length > 0 ? heldPage(reply, module, record, held) : confirmPage(app.db, request, reply, module, record)
  })

  app.post<IdParams & { Body: Body }>(`${place}/:id/deletion`, options, async (request, reply) => {
    const module = of(request)
    const { bin } = module
    const reference = await referenceAt(app.db, request.revision)
    const { record, held } = await app.db.transaction(async (trx) => {
      await beginChange(trx, module)
      const record = await find(trx, request)
      refuseStale(request.body, record)
      const held = await heldBy(trx, module, record)
      const run = { trx, actor: request.actor, viewer: request.viewer, reference }
      if (held.length === 0) await remove(run, module, record)
      return { record, held }
    })
    if (held.length > 0) return heldPage(reply.code(409), module, record, held)
    if (!bin && module.files)
      await removePurged(app.db, fileFolder(app.config.dataDir)).catch((error) => request.log.error(error))
    const name = seenName(module, record, request.viewer)
    const undo = await undeleteLink(app.db, module, request.viewer, record.id)
    await request.flash(bin ? wordsOf(module).binned(name) : wordsOf(module).deleted(name), 'notice', undo)
    return reply.redirect(collectionOf(module, record), 303)
  })
}

async function confirmPage(db: Knex, { viewer }: FastifyRequest, reply: FastifyReply, module: Module, record: Stored) {
  const words = wordsOf(module)
  const above = await readAbove(db, module, record, viewer)
  const confirm = {
    title: words.deletion,
    text: words.deletionText(seenName(module, record, viewer), above?.name),
    details: await removalTexts(db, module, record),
    action: `${addressOf(module, record)}/deletion`,
    submitLabel: words.confirm,
    isDanger: true,
    cancelHref: placeOf(module, record),
    hidden: [{ name: 'version', value: String(record.version) }],
  }
  return reply.page('shared/confirm', { title: words.deletion, confirm })
}

function heldPage(reply: FastifyReply, module: Module, record: Stored, reasons: Reason[]) {
  const words = wordsOf(module)
  const held = {
    title: words.deletion,
    text: words.notYet(seenName(module, record, reply.request.viewer)),
    backHref: placeOf(module, record),
  }
  return reply.page('shared/held', { title: words.deletion, held: { ...held, reasons } })
}
