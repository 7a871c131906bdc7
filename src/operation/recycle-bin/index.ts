import type { FastifyInstance, FastifyRequest } from 'fastify'
import { removePurged } from '../../kernel/files/file.ts'
import { fileFolder } from '../../kernel/files/storage.ts'
import { type BinAct, binNouns, binPath, findBinned, purgeRecords, restoreBinned } from '../../kernel/modules/bin.ts'
import { builtInModules, moduleAt } from '../../kernel/modules/catalogue.ts'
import { purgeTexts, restoringTexts } from '../../kernel/modules/held.ts'
import type { Module, Stored } from '../../kernel/modules/module.ts'
import { ownPath } from '../../kernel/modules/own.ts'
import { placeAfter, seenName } from '../../kernel/modules/reading.ts'
import type { Access, AccessOf } from '../../kernel/web/access.ts'
import { type Body, typedIn } from '../../kernel/web/form.ts'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { refuseStale } from '../../kernel/web/record.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { binOf } from './bins.ts'

/** What was deleted of each module, and its restoration or purge 「回收站」. */
export async function recycleBinRoutes(app: FastifyInstance) {
  const fixed = builtInModules()
    .filter(({ bin }) => bin)
    .map(
      (module): Place => ({
        list: binOf(module).path,
        acts: binPath(module),
        of: () => module,
        right: (act) => `recycle_bin.${act}`,
      }),
    )
  for (const place of [...fixed, ownPlace]) {
    listRoutes(app, {
      path: place.list,
      of: (request) => binOf(place.of(request)),
      permissions: { view: place.right('view') },
      endings: [],
    })
    actRoutes(app, place, 'restore')
    actRoutes(app, place, 'purge')
  }
}

/** Where the pages of a bin stand, and of which module a request there is about. */
type Place = {
  list: string
  acts: string
  of(request: FastifyRequest): Module
  right(act: 'view' | BinAct): Access | AccessOf
}

const ownBins = binPath({ path: ownPath(':slug') })

/** The bins of modules that rows define. Throws notFound where the address names none. */
const ownPlace: Place = {
  list: ownBins,
  acts: ownBins,
  of: (request) => {
    const module = ownModuleIn(request)
    if (!module) throw notFound()
    return module
  },
  right: (act) => (request) => (ownModuleIn(request) ? `recycle_bin.${act}` : undefined),
}

function ownModuleIn({ params }: FastifyRequest): Module | undefined {
  const module = moduleAt(ownPath(String((params as { slug?: string }).slug)))
  return module?.bin && module
}

const details = { restore: restoringTexts, purge: purgeTexts }
const acts = {
  restore: restoreBinned,
  purge: (...[trx, module, row, actor]: Parameters<typeof restoreBinned>) => purgeRecords(trx, module, [row], actor),
}

/** Restores or purges one record, after a page that says what will happen. */
function actRoutes(app: FastifyInstance, { acts: place, of, right }: Place, act: BinAct) {
  const options = { config: { permission: right(act) }, schema: { params: idParams } }
  const path = `${place}/:id/${binNouns[act]}`

  app.get<IdParams>(path, options, async (request, reply) => {
    const module = of(request)
    const row = await findBinned(app.db, module, request.viewer, request.params.id, act)
    const confirm = confirmView(module, act, {
      row,
      viewer: request.viewer,
      said: await details[act](app.db, module, row),
    })
    return reply.page('shared/confirm', { title: confirm.title, confirm })
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const module = of(request)
    const { name, row } = await app.db.transaction(async (trx) => {
      const row = await findBinned(trx, module, request.viewer, request.params.id, act)
      refuseStale(request.body, row)
      await acts[act](trx, module, row, request.actor)
      return { row, name: seenName(module, row, request.viewer) }
    })
    if (act === 'purge')
      await removePurged(app.db, fileFolder(app.config.dataDir)).catch((error) => request.log.error(error))
    await request.flash(act === 'restore' ? text.recycleBin.restored(name) : text.recycleBin.purged(name))
    const isUndone = act === 'restore' && typedIn(request.body, 'undo') === 'true'
    const back = isUndone ? await placeAfter(app.db, module, request.viewer, row) : binOf(module).path
    return reply.redirect(back, 303)
  })
}

type Asked = { row: Stored; viewer: Viewer; said: string[] }

function confirmView(module: Module, act: BinAct, { row, viewer, said }: Asked) {
  const name = seenName(module, row, viewer)
  return {
    title: text.recycleBin[act],
    text: act === 'restore' ? text.recycleBin.restoreText(name) : text.recycleBin.purgeText(name),
    details: said,
    action: `${binPath(module)}/${row.id}/${binNouns[act]}`,
    submitLabel: text.recycleBin[act],
    isDanger: act === 'purge',
    cancelHref: binOf(module).path,
    hidden: [{ name: 'version', value: String(row.version) }],
  }
}
