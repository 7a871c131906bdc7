import type { FastifyInstance } from 'fastify'
import { type Customer, findCustomer } from '../../customers/customers/customer.ts'
import { text } from '../texts/index.ts'
import type { Body } from '../web/form.ts'
import { refuseStale } from '../web/record.ts'
import { deleteFile, findFile, type StoredFile } from './file.ts'
import { holderOf } from './holder.ts'
import { type FileKind, kinds } from './kinds.ts'
import { type FileParams, fileParams, filePath, filesPath } from './path.ts'

/** Takes a file off a customer, after a page that says what will happen. */
export function fileDeletionRoutes(app: FastifyInstance, kind: FileKind) {
  const path = `${filesPath(':customerId', kind)}/:id/deletion`
  const permission = `${kinds[kind].module}.delete` as const
  const options = { config: { permission }, schema: { params: fileParams } }

  app.get<FileParams>(path, options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.customerId, permission)
    const file = await findFile(app.db, holderOf(customer), kind, request.params.id)
    const confirm = deletionView(customer, file)
    return reply.page('shared/confirm', { title: confirm.title, confirm })
  })

  app.post<FileParams & { Body: Body }>(path, options, async (request, reply) => {
    const { customerId, id } = request.params
    const name = await app.db.transaction(async (trx) => {
      const holder = holderOf(await findCustomer(trx, request.viewer, customerId, permission))
      const file = await findFile(trx, holder, kind, id)
      refuseStale(request.body, file)
      await deleteFile(trx, holder, file, request.actor)
      return file.name
    })
    await request.flash(text.files.deleted(name))
    return reply.redirect(`/customers/${customerId}/files`, 303)
  })
}

const deletionView = (customer: Customer, file: StoredFile) => ({
  title: text.files.deletion[file.kind],
  text: text.files.deletionText(customer.name, text.files.kinds[file.kind], file.name),
  details: text.files.deletionDetails,
  action: `${filePath(customer.id, file)}/deletion`,
  submitLabel: text.customers.confirm,
  isDanger: true,
  cancelHref: `/customers/${customer.id}/files`,
  hidden: [{ name: 'version', value: String(file.version) }],
})
