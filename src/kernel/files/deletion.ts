import type { FastifyInstance } from 'fastify'
import { text } from '../../texts/index.ts'
import type { Body } from '../web/form.ts'
import { refuseStale } from '../web/record.ts'
import { deleteFile, findFile, type Holder, type StoredFile } from './file.ts'
import { type FilePlace, recordsOf } from './holder.ts'
import { type FileKind, kinds } from './kinds.ts'
import { type FileParams, fileParams, filePath, filesPath, filesTab } from './path.ts'

/** Takes a file off a record, after a page that says what will happen. */
export function fileDeletionRoutes(app: FastifyInstance, place: FilePlace, kind: FileKind) {
  const path = `${filesPath(`${place.path}/:recordId`, kind)}/:id/deletion`
  const permission = `${kinds[kind].module}.delete` as const
  const options = { config: { permission: place.right(permission) }, schema: { params: fileParams } }

  app.get<FileParams>(path, options, async (request, reply) => {
    const records = recordsOf(place, request, kind)
    const record = await records.find(app.db, request.viewer, request.params.recordId, permission)
    const holder = records.eventOf(record)
    const file = await findFile(app.db, holder, kind, request.params.id)
    const confirm = deletionView(`${records.path}/${record.id}`, holder, file)
    return reply.page('shared/confirm', { title: confirm.title, confirm })
  })

  app.post<FileParams & { Body: Body }>(path, options, async (request, reply) => {
    const { recordId, id } = request.params
    const records = recordsOf(place, request, kind)
    const name = await app.db.transaction(async (trx) => {
      const holder = records.eventOf(await records.find(trx, request.viewer, recordId, permission))
      const file = await findFile(trx, holder, kind, id)
      refuseStale(request.body, file)
      await deleteFile(trx, holder, file, request.actor)
      return file.name
    })
    await request.flash(text.files.deleted(name))
    return reply.redirect(filesTab(`${records.path}/${recordId}`), 303)
  })
}

const deletionView = (record: string, { record_name }: Holder, file: StoredFile) => ({
  title: text.files.deletion[file.kind],
  text: text.files.deletionText(record_name, text.files.kinds[file.kind], file.name),
  details: text.files.deletionDetails,
  action: `${filePath(record, file)}/deletion`,
  submitLabel: text.files.confirm,
  isDanger: true,
  cancelHref: filesTab(record),
  hidden: [{ name: 'version', value: String(file.version) }],
})
