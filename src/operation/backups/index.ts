import { open, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { settingsAt } from '../../kernel/settings/settings.ts'
import type { FieldError } from '../../kernel/web/form.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { askOnce } from './asking.ts'
import { encryptedCopies } from './encrypted-copy.ts'
import { backupKind, checkKind, pathOf, recordType } from './jobs.ts'
import { databaseFile } from './making.ts'
import type { Manifest } from './manifest.ts'
import { type Named, namedBackup, path } from './named.ts'
import { backupsView } from './page.ts'
import { listBackups } from './place.ts'
import { restorationRoutes } from './restoration-routes.ts'
import { whyKept } from './safety.ts'
import { serverFacts } from './server.ts'
import { takeZip, uploadErrors, uploadedPlace } from './upload.ts'

const t = text.backups

/** Backups: the list, one now, download, check, upload, deletion and restoration. */
export async function backupRoutes(app: FastifyInstance) {
  await app.register(multipart, { throwFileSizeLimit: false })
  listAndMake(app)
  oneBackup(app)
  encryptedCopies(app, {
    ...{ address: path, permission: 'backups.export', recordType },
    find: async (given) => {
      const { name } = await namedBackup(app, given)
      return { name, path: pathOf(app.config, name) }
    },
  })
  restorationRoutes(app)
}

function listAndMake(app: FastifyInstance) {
  const page = async (request: FastifyRequest, reply: FastifyReply, errors: FieldError[] = []) => {
    const { config, db } = app
    const settings = await settingsAt(db, request.revision)
    const view = backupsView(request, {
      backups: await listBackups(config.dataDir),
      settings,
      keyFile: config.secretKeyFile,
      serverFacts: await serverFacts(db, config),
      keyIds: await db('secret_keys').pluck('id'),
    })
    return reply.page('operation/maintenance/backups', { title: t.title, formId: newFormId(), errors, ...view })
  }

  app.get(path, { config: { permission: 'backups.view' } }, (request, reply) => page(request, reply))

  app.post(path, { config: { permission: 'backups.create' } }, async (request, reply) => {
    if (app.config.database.client !== 'mssql') databaseFile(app.config)
    const location = await askOnce(app, request, { kind: backupKind, title: t.job, payload: { way: 'manual' } })
    return reply.redirect(location, 303)
  })

  app.post(`${path}/uploads`, { config: { permission: 'backups.upload' } }, async (request, reply) => {
    try {
      const { dataDir } = app.config
      const place = (manifest: Manifest) => uploadedPlace(dataDir, manifest)
      const taken = await takeZip(request, app.config, { noFile: t.noFile, place })
      const name = basename(taken.path)
      await recordEvent(app.db, request.actor, { action: 'upload', record_type: recordType, record_name: name })
      await request.flash(`${t.uploaded(name)}${taken.origin === 'own' ? '' : t.foreign.uploaded}`)
      return reply.redirect(path, 303)
    } catch (error) {
      const errors = uploadErrors(error, t.file)
      if (errors) return page(request, reply.code(422), errors)
      throw error
    }
  })
}

function oneBackup(app: FastifyInstance) {
  app.get<Named>(
    `${path}/:name`,
    { config: { permission: 'backups.export' }, compress: false },
    async (request, reply) => {
      const { name } = await namedBackup(app, request.params.name)
      // First what may fail: a file that is open is closed by its stream alone.
      await recordEvent(app.db, request.actor, { action: 'export', record_type: recordType, record_name: name })
      const content = await open(pathOf(app.config, name))
      const { size } = await content.stat()
      reply.header('content-disposition', `attachment; filename="${name}"`).header('content-length', size)
      return reply.header('cache-control', 'private, no-store').type('application/zip').send(content.createReadStream())
    },
  )

  app.post<Named>(
    `${path}/:name/verification`,
    { config: { permission: 'backups.verify' } },
    async (request, reply) => {
      const { name } = await namedBackup(app, request.params.name)
      const location = await askOnce(app, request, { kind: checkKind, title: t.checkJob(name), payload: { name } })
      return reply.redirect(location, 303)
    },
  )

  const deletion = { config: { permission: 'backups.delete' } } as const
  app.get<Named>(`${path}/:name/deletion`, deletion, async (request, reply) => {
    const backup = await namedBackup(app, request.params.name)
    const { name } = backup
    const kept = await whyKept(app.db, app.config, backup, request.actor)
    if (kept) {
      const groups = [{ title: t.deletion, items: [{ label: name, text: kept, isWide: true }] }]
      return reply.page('shared/card', { title: t.deletion, card: { title: t.deletion, back: path, groups } })
    }
    const act = {
      action: `${path}/${name}/deletion`,
      submitLabel: text.actions.delete,
      isDanger: true,
      cancelHref: path,
    }
    const confirm = { title: t.deletion, text: t.deletionText(name), details: t.deletionDetails, ...act }
    return reply.page('shared/confirm', { title: t.deletion, confirm })
  })
  app.post<Named>(`${path}/:name/deletion`, deletion, async (request, reply) => {
    const backup = await namedBackup(app, request.params.name)
    const { name } = backup
    const kept = await whyKept(app.db, app.config, backup, request.actor)
    if (kept) throw new Refusal({ status: 409, message: kept })
    await recordEvent(app.db, request.actor, { action: 'delete', record_type: recordType, record_name: name })
    await rm(pathOf(app.config, name), { force: true })
    await request.flash(t.deleted(name))
    return reply.redirect(path, 303)
  })
}
