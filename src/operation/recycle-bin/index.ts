import type { FastifyInstance, FastifyRequest } from 'fastify'
import { removePurged } from '../../kernel/files/file.ts'
import { fileFolder } from '../../kernel/files/storage.ts'
import { type BinAct, binNouns, binPath } from '../../kernel/modules/bin.ts'
import type { Access, AccessOf } from '../../kernel/web/access.ts'
import type { Body } from '../../kernel/web/form.ts'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { refuseStale } from '../../kernel/web/record.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { type Bin, bins, type Deleted } from './bins.ts'

export async function recycleBinRoutes(app: FastifyInstance) {
  const fixed = bins().map(
    (bin): Place => ({
      path: bin.list.path,
      acts: binPath(bin),
      of: () => bin,
      right: (act) => `recycle_bin.${act}`,
    }),
  )
  for (const place of [...fixed, ownPlace]) {
    listRoutes(app, {
      path: place.path,
      of: (request) => place.of(request).list,
      permissions: { view: place.right('view') },
      endings: [],
    })
    actRoutes(app, place, 'restore')
    actRoutes(app, place, 'purge')
  }
}

/** Where the pages of a bin stand, and which a request there is about. */
type Place = {
  path: string
  acts: string
  of(request: FastifyRequest): Bin
  right(act: 'view' | BinAct): Access | AccessOf
}

const ownPath = binPath({ name: ':name' })

/** The bins of modules that rows define. Throws notFound where the address names none. */
const ownPlace: Place = {
  path: ownPath,
  acts: ownPath,
  of: (request) => {
    const bin = binIn(request)
    if (!bin) throw notFound()
    return bin
  },
  right: (act) => (request) => (binIn(request) ? `recycle_bin.${act}` : undefined),
}

const binIn = ({ params }: FastifyRequest) => bins().find(({ name }) => name === (params as { name?: string }).name)

const pathOf = (bin: Bin, id: number, act: BinAct) => `${binPath(bin)}/${id}/${binNouns[act]}`

/** Restores or purges one record, after a page that says what will happen. */
function actRoutes(app: FastifyInstance, { acts, of, right }: Place, act: BinAct) {
  const options = { config: { permission: right(act) }, schema: { params: idParams } }
  const path = `${acts}/:id/${binNouns[act]}`

  app.get<IdParams>(path, options, async (request, reply) => {
    const bin = of(request)
    const row = await bin.find(app.db, request.viewer, request.params.id, act)
    const confirm = confirmView(bin, act, row, await bin[act].details(app.db, row))
    return reply.page('shared/confirm', { title: confirm.title, confirm })
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const bin = of(request)
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
