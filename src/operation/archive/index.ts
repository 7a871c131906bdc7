import { open, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { showSize } from '../../kernel/files/size.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import { fitSecrets } from '../../kernel/secrets.ts'
import type { FieldError } from '../../kernel/web/form.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { notFound, Refusal } from '../../kernel/web/refusal.ts'
import { newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { readAccess } from '../backups/access.ts'
import { askOnce } from '../backups/asking.ts'
import { encryptedCopies } from '../backups/encrypted-copy.ts'
import { judge, judgementView } from '../backups/judgement.ts'
import { takeZip, uploadErrors } from '../backups/upload.ts'
import { readArchiveAccess } from './access.ts'
import { format, isUnused } from './archive.ts'
import { readArchive } from './in.ts'
import { archiveKind, recordType } from './jobs.ts'
import { type ArchiveFile, listArchives, newArchivePath } from './place.ts'

const t = text.archive
const path = '/maintenance/archive'
type Named = { Params: { name: string } }

/** Everything out of one database and into another: the list, one now, download, upload, and taking one in. */
export async function archiveRoutes(app: FastifyInstance) {
  await app.register(multipart, { throwFileSizeLimit: false })
  listAndMake(app)
  upload(app)
  oneArchive(app)
  encryptedCopies(app, {
    ...{ address: path, permission: 'archive.export', recordType },
    find: (name) => find(app, name),
  })
  takingIn(app)
}

async function find({ config }: FastifyInstance, name: string): Promise<ArchiveFile> {
  const archive = (await listArchives(config.dataDir)).find((one) => one.name === name)
  if (!archive) throw notFound()
  return archive
}

async function page(app: FastifyInstance, reply: FastifyReply, errors: FieldError[] = []) {
  const archives = await listArchives(app.config.dataDir)
  return reply.page('operation/maintenance/archive', {
    title: t.title,
    formId: newFormId(),
    errors,
    intro: t.intro,
    isUnused: await isUnused(app.db),
    rows: archives.map(({ name, bytes, writtenAt }) => ({
      name,
      at: showInstant(writtenAt),
      size: showSize(bytes),
      href: `${path}/${name}`,
    })),
  })
}

function listAndMake(app: FastifyInstance) {
  app.get(path, { config: { permission: 'archive.view' } }, (_request, reply) => page(app, reply))
  app.post(path, { config: { permission: 'archive.export' } }, async (request, reply) => {
    const { database } = app.config
    if (database.client === 'better-sqlite3' && database.file === ':memory:')
      throw new Refusal({ status: 409, message: text.backups.inMemory })
    return reply.redirect(await askOnce(app, request, { kind: archiveKind, title: t.job, payload: {} }), 303)
  })
}

function upload(app: FastifyInstance) {
  app.post(`${path}/uploads`, { config: { permission: 'archive.upload' } }, async (request, reply) => {
    try {
      const place = async () => (await newArchivePath(app.config.dataDir, '-uploaded')).path
      const taken = await takeZip(request, app.config, { format, noFile: t.noFile, place })
      const name = basename(taken.path)
      await recordEvent(app.db, request.actor, { action: 'upload', record_type: recordType, record_name: name })
      await request.flash(`${t.uploaded(name)}${taken.origin === 'own' ? '' : text.backups.foreign.uploaded}`)
      return reply.redirect(path, 303)
    } catch (error) {
      const errors = uploadErrors(error, t.file)
      if (errors) return page(app, reply.code(422), errors)
      throw error
    }
  })
}

function oneArchive(app: FastifyInstance) {
  app.get<Named>(
    `${path}/:name`,
    { config: { permission: 'archive.export' }, compress: false },
    async (request, reply) => {
      const archive = await find(app, request.params.name)
      await recordEvent(app.db, request.actor, { action: 'export', record_type: recordType, record_name: archive.name })
      const content = await open(archive.path)
      reply.header('content-disposition', `attachment; filename="${archive.name}"`)
      reply.header('content-length', archive.bytes).header('cache-control', 'private, no-store')
      return reply.type('application/zip').send(content.createReadStream())
    },
  )
  const deletion = { config: { permission: 'archive.delete' } } as const
  app.get<Named>(`${path}/:name/deletion`, deletion, async (request, reply) => {
    const { name } = await find(app, request.params.name)
    const act = {
      action: `${path}/${name}/deletion`,
      submitLabel: text.actions.delete,
      isDanger: true,
      cancelHref: path,
    }
    return reply.page('shared/confirm', {
      title: t.deletion,
      confirm: { title: t.deletion, text: t.deletionText(name), ...act },
    })
  })
  app.post<Named>(`${path}/:name/deletion`, deletion, async (request, reply) => {
    const archive = await find(app, request.params.name)
    await recordEvent(app.db, request.actor, { action: 'delete', record_type: recordType, record_name: archive.name })
    await rm(archive.path, { force: true })
    await request.flash(t.deleted(archive.name))
    return reply.redirect(path, 303)
  })
}

/** Into an installation that nobody has worked with; behind a closed door, for everything is exchanged. */
function takingIn(app: FastifyInstance) {
  const options = { config: { permission: 'archive.import' } } as const
  app.get<Named>(`${path}/:name/import`, options, async (request, reply) => {
    const archive = await find(app, request.params.name)
    const { name } = archive
    const page = { title: t.takeIn(name), action: `${path}/${name}/import`, warning: t.warning }
    if (!(await isUnused(app.db)))
      return reply.page('operation/maintenance/archive-import', { ...page, refusal: t.problems.used, judgement: null })
    const { judgement, origin } = await judgeArchive(app, request, archive)
    const view = judgementView(judgement, origin)
    return reply.page('operation/maintenance/archive-import', {
      ...page,
      refusal: view.refusal,
      judgement: { ...view, refusal: null },
    })
  })
  app.post<Named & { Body: { without_key?: string } }>(`${path}/:name/import`, options, async (request, reply) => {
    const archive = await find(app, request.params.name)
    if (!(await isUnused(app.db))) throw new Refusal({ status: 409, message: t.problems.used })
    const { judgement } = await judgeArchive(app, request, archive)
    if (judgement.refusal) throw judgement.refusal
    const { actor, sessionKey, body } = request
    setImmediate(() => begin(app, archive, { actor, sessionKey, withoutKey: body.without_key === 'true' }))
    return reply.redirect(path, 303)
  })
}

async function judgeArchive({ db, config }: FastifyInstance, request: FastifyRequest, archive: ArchiveFile) {
  const { access: after, origin } = await readArchiveAccess(config, archive.path)
  return { origin, judgement: judge(request, { now: await readAccess(db), after, origin }) }
}

type Asked = Pick<FastifyRequest, 'actor' | 'sessionKey'> & { withoutKey: boolean }

async function begin(app: FastifyInstance, { path: file }: ArchiveFile, { actor, sessionKey, withoutKey }: Asked) {
  const { db, door, config } = app
  const tell = (done: number) => door.say(t.closed(Math.floor(done)))
  try {
    await door.close(t.closed(0))
    try {
      await readArchive(config, db, file, { actor, withoutKey, tell })
      await fitSecrets(db, config.secretKeyFile, app.secrets)
    } finally {
      door.open()
    }
  } catch (error) {
    app.log.error({ err: error }, 'archive')
    const flash = JSON.stringify([{ kind: 'warning', text: error instanceof Refusal ? error.message : t.failed }])
    await db('sessions').where({ token_hash: sessionKey }).update({ flash })
  }
}
