import type { FastifyInstance } from 'fastify'
import { removePurged } from '../../kernel/files/file.ts'
import { fileFolder } from '../../kernel/files/storage.ts'
import { type BinAct, binNouns, binPath } from '../../kernel/modules/bin.ts'
import { text } from '../../kernel/texts/index.ts'
import type { Body } from '../../kernel/web/form.ts'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { refuseStale } from '../../kernel/web/record.ts'
import { type Bin, bins, type Deleted } from './bins.ts'

export async function recycleBinRoutes(app: FastifyInstance) {
  for (const bin of bins()) {
    listRoutes(app, bin.list)
    actRoutes(app, bin, 'restore')
    actRoutes(app, bin, 'purge')
  }
}

const pathOf = (bin: Bin, id: string | number, act: BinAct) => `${binPath(bin)}/${id}/${binNouns[act]}`

/** Restores or purges one record, after a page that says what will happen. */
function actRoutes(app: FastifyInstance, bin: Bin, act: BinAct) {
  const options = { config: { permission: `recycle_bin.${act}` as const }, schema: { params: idParams } }
  const path = pathOf(bin, ':id', act)

  app.get<IdParams>(path, options, async (request, reply) => {
    const row = await bin.find(app.db, request.viewer, request.params.id, act)
    const confirm = confirmView(bin, act, row, await bin[act].details(app.db, row))
    return reply.page('shared/confirm', { title: confirm.title, confirm })
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const name = await app.db.transaction(async (trx) => {
      const row = await bin.find(trx, request.viewer, request.params.id, act)
      refuseStale(request.body, row)
      await bin[act].do(trx, row, request.actor)
      return bin.nameOf(row)
    })
    if (act === 'purge')
      await removePurged(app.db, fileFolder(app.config.dataDir)).catch((error) => request.log.error(error))
    await request.flash(act === 'restore' ? text.recycleBin.restored(name) : text.recycleBin.purged(name))
    return reply.redirect(bin.list.path, 303)
  })
}

const confirmView = (bin: Bin, act: BinAct, row: Deleted, details: string[]) => ({
  title: text.recycleBin[act],
  text: act === 'restore' ? text.recycleBin.restoreText(bin.nameOf(row)) : text.recycleBin.purgeText(bin.nameOf(row)),
  details,
  action: pathOf(bin, row.id, act),
  submitLabel: text.recycleBin[act],
  isDanger: act === 'purge',
  cancelHref: bin.list.path,
  hidden: [{ name: 'version', value: String(row.version) }],
})
