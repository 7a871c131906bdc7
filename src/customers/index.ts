import type { FastifyInstance } from 'fastify'
import { listRoutes } from '../web/list-routes.ts'
import { customerCardRoutes } from './card-routes.ts'
import { creationRoutes } from './creation.ts'
import { deletionRoutes } from './deletion.ts'
import { editRoutes } from './edit.ts'
import { customerList } from './list.ts'

export async function customerRoutes(app: FastifyInstance) {
  listRoutes(app, customerList)
  creationRoutes(app)
  customerCardRoutes(app)
  editRoutes(app)
  deletionRoutes(app)
}
