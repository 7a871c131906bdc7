import type { FastifyInstance } from 'fastify'
import { registerCustomersOnDesk } from '../desk/sections.ts'
import { customerCardRoutes } from './card-routes.ts'
import { creationRoutes } from './creation.ts'
import { editRoutes } from './edit.ts'
import { customerFactRoutes } from './facts.ts'
import { printRoutes } from './print.ts'

export async function customerRoutes(app: FastifyInstance) {
  registerCustomersOnDesk()
  creationRoutes(app)
  customerCardRoutes(app)
  printRoutes(app)
  editRoutes(app)
  customerFactRoutes(app)
}
