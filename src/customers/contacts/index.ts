import type { FastifyInstance } from 'fastify'
import { contactCardRoutes } from './card.ts'
import { contactCreationRoutes } from './creation.ts'
import { contactDeletionRoutes } from './deletion.ts'
import { contactEditRoutes } from './edit.ts'
import { vcardRoutes } from './vcard-routes.ts'

export async function contactRoutes(app: FastifyInstance) {
  contactCreationRoutes(app)
  contactCardRoutes(app)
  contactEditRoutes(app)
  contactDeletionRoutes(app)
  vcardRoutes(app)
}
