import multipart from '@fastify/multipart'
import type { FastifyInstance } from 'fastify'
import { listRoutes } from '../kernel/web/list-routes.ts'
import { accountRoutes } from './accounts/account-routes.ts'
import { draftList } from './mailings/draft-list.ts'
import { mailingRoutes } from './mailings/mailing-routes.ts'
import { attachmentRoutes } from './messages/attachments.ts'
import { messageRoutes } from './messages/message-routes.ts'
import { selectionMailRoutes } from './messages/selection-routes.ts'
import { writingRoutes } from './messages/writing-routes.ts'

/** Mail to records of modules with mail addresses: written, sent by a job, and kept with what became of it. */
export async function mailRoutes(app: FastifyInstance) {
  await app.register(multipart, { throwFileSizeLimit: false })
  listRoutes(app, draftList)
  writingRoutes(app)
  selectionMailRoutes(app)
  mailingRoutes(app)
  attachmentRoutes(app)
  messageRoutes(app)
  accountRoutes(app)
}
