import type { FastifyInstance } from 'fastify'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { contactCardRoutes } from './card.ts'
import { contactCreationRoutes } from './creation.ts'
import { contactDeletionRoutes } from './deletion.ts'
import { contactEditRoutes } from './edit.ts'
import { contactList } from './list.ts'
import { vcardRoutes } from './vcard-routes.ts'

export async function contactRoutes(app: FastifyInstance) {
  listRoutes(app, contactList)
  contactCreationRoutes(app)
  contactCardRoutes(app)
  contactEditRoutes(app)
  contactDeletionRoutes(app)
  vcardRoutes(app)
}
