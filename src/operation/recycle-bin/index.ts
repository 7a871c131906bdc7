import type { FastifyInstance } from 'fastify'
import { removePurged } from '../../kernel/files/file.ts'
import { fileFolder } from '../../kernel/files/storage.ts'
import { text } from '../../kernel/texts/index.ts'
import type { Body } from '../../kernel/web/form.ts'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { refuseStale } from '../../kernel/web/record.ts'
import { type Act, type Bin, bins, type Deleted, findDeleted } from './bins.ts'
import { deletedContacts, deletedCustomers } from './list.ts'

export async function recycleBinRoutes(app: FastifyInstance) {
  listRoutes(app, deletedCustomers)
  listRoutes(app, deletedContacts)
  for (const bin of bins) {
    actRoutes(app, bin, 'restore')
    actRoutes(app, bin, 'purge')
  }
}

const nouns = { restore: 'restoration', purge: 'purge' } as const
const pathOf = (bin: Bin, id: string | number, act: Act) => `/recycle-bin/${bin.table}/${id}/${nouns[act]}`

/** Restores or purges one record, after a page that says what will happen. */
function actRoutes(app: FastifyInstance, bin: Bin, act: Act) {
  const options = { config: { permission: `recycle_bin.${act}` as const }, schema: { params: idParams } }
  const path = pathOf(bin, ':id', act)

  app.get<IdParams>(path, options, async (request, reply) => {
    const row = await findDeleted(app.db, request.viewer, bin, request.params.id, act)
    const confirm = confirmView(bin, act, row, await bin[act].details(app.db, row))
    return reply.page('shared/confirm', { title: confirm.title, confirm })
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const name = await app.db.transaction(async (trx) => {
      const row = await findDeleted(trx, request.viewer, bin, request.params.id, act)
      refuseStale(request.body, row)
      await bin[act].do(trx, row, request.actor)
      return row.name
    })
    if (act === 'purge')
      await removePurged(app.db, fileFolder(app.config.dataDir)).catch((error) => request.log.error(error))
    await request.flash(act === 'restore' ? text.recycleBin.restored(name) : text.recycleBin.purged(name))
    return reply.redirect(bin.list, 303)
  })
}

const confirmView = (bin: Bin, act: Act, { id, name, version }: Deleted, details: string[]) => ({
  title: text.recycleBin[act],
  text: act === 'restore' ? text.recycleBin.restoreText(name) : text.recycleBin.purgeText(name),
  details,
  action: pathOf(bin, id, act),
  submitLabel: text.recycleBin[act],
  isDanger: act === 'purge',
  cancelHref: bin.list,
  hidden: [{ name: 'version', value: String(version) }],
})
