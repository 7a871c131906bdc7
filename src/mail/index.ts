import multipart from '@fastify/multipart'
import type { FastifyInstance } from 'fastify'
import { listRoutes } from '../web/list-routes.ts'
import { accountRoutes } from './account-routes.ts'
import { attachmentRoutes } from './attachments.ts'
import { draftList, mailList } from './list.ts'
import { mailingRoutes } from './mailing-routes.ts'
import { messageRoutes } from './message-routes.ts'
import { customerMailRoutes } from './tab.ts'
import { templateRoutes } from './templates/index.ts'
import { writingRoutes } from './writing-routes.ts'

/** Mail to customers: written, sent by a job, and kept with what became of it. */
export async function mailRoutes(app: FastifyInstance) {
  await app.register(multipart, { throwFileSizeLimit: false })
  listRoutes(app, mailList)
  listRoutes(app, draftList)
  writingRoutes(app)
  mailingRoutes(app)
  attachmentRoutes(app)
  messageRoutes(app)
  templateRoutes(app)
  customerMailRoutes(app)
  accountRoutes(app)
}
