import type { FastifyInstance } from 'fastify'
import { customerCardRoutes } from './card-routes.ts'
import { creationRoutes } from './creation.ts'
import { editRoutes } from './edit.ts'
import { customerFactRoutes } from './facts.ts'
import { printRoutes } from './print.ts'

export async function customerRoutes(app: FastifyInstance) {
  creationRoutes(app)
  customerCardRoutes(app)
  printRoutes(app)
  editRoutes(app)
  customerFactRoutes(app)
}
