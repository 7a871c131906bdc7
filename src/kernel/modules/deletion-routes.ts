import type { FastifyInstance } from 'fastify'
import { removePurged } from '../files/file.ts'
import { fileFolder } from '../files/storage.ts'
import { referenceAt } from '../reference.ts'
import type { Body } from '../web/form.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { refuseStale } from '../web/record.ts'
import { Refusal } from '../web/refusal.ts'
import { fileTexts, heldBy } from './bin.ts'
import { wordsOf } from './catalogue.ts'
import { nameOf, rightOf } from './module.ts'
import type { Mount } from './mount.ts'
import { findRecord, removeRecord } from './records.ts'

/** A record goes to the recycle bin, or for good, after a page that says so. */
export function deletionRoutes(app: FastifyInstance, { path: place, of, right }: Mount) {
  const permission = right('delete')
  if (!permission) return
  const options = { config: { permission }, schema: { params: idParams } }

  app.get<IdParams>(`${place}/:id/deletion`, options, async (request, reply) => {
    const module = of(request)
    const { path, bin } = module
    const words = wordsOf(module)
    const record = await findRecord(app.db, module, request.viewer, request.params.id, rightOf(module, 'delete'))
    const confirm = {
      title: words.deletion,
      text: words.deletionText(nameOf(module, record)),
      details: bin ? words.binDetails : [...words.deletionDetails, ...(await fileTexts(app.db, module, record))],
      action: `${path}/${record.id}/deletion`,
      submitLabel: words.confirm,
      isDanger: true,
      cancelHref: `${path}/${record.id}`,
      hidden: [{ name: 'version', value: String(record.version) }],
    }
    return reply.page('shared/confirm', { title: words.deletion, confirm })
  })

  app.post<IdParams & { Body: Body }>(`${place}/:id/deletion`, options, async (request, reply) => {
    const module = of(request)
    const { path, bin } = module
    const words = wordsOf(module)
    const reference = await referenceAt(app.db, request.revision)
    const name = await app.db.transaction(async (trx) => {
      const record = await findRecord(trx, module, request.viewer, request.params.id, rightOf(module, 'delete'))
      refuseStale(request.body, record)
      const run = { trx, actor: request.actor, viewer: request.viewer, reference }
      const held = await heldBy(run, module, record)
      if (held) throw new Refusal({ status: 409, message: held })
      await removeRecord(trx, module, record, request.actor)
      return nameOf(module, record)
    })
    if (!bin && module.files)
      await removePurged(app.db, fileFolder(app.config.dataDir)).catch((error) => request.log.error(error))
    await request.flash(bin ? words.binned(name) : words.deleted(name))
    return reply.redirect(path, 303)
  })
}
