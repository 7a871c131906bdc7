import type { FastifyInstance } from 'fastify'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { customerCardRoutes } from './card-routes.ts'
import { creationRoutes } from './creation.ts'
import { deletionRoutes } from './deletion.ts'
import { editRoutes } from './edit.ts'
import { customerList } from './list.ts'
import { printRoutes } from './print.ts'
import { transferRoutes } from './transfer.ts'

export async function customerRoutes(app: FastifyInstance) {
  listRoutes(app, customerList)
  creationRoutes(app)
  customerCardRoutes(app)
  printRoutes(app)
  editRoutes(app)
  transferRoutes(app)
  deletionRoutes(app)
}
