import type { FastifyInstance } from 'fastify'
import { vcardRoutes } from './vcard-routes.ts'

export async function contactRoutes(app: FastifyInstance) {
  vcardRoutes(app)
}
