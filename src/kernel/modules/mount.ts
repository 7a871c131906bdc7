import type { FastifyInstance } from 'fastify'
import { listRoutes } from '../web/list-routes.ts'
import { cardRoutes } from './card-routes.ts'
import { deletionRoutes } from './deletion-routes.ts'
import { formRoutes } from './form-routes.ts'
import { listOf } from './list.ts'
import { has, type Module } from './module.ts'

/** The pages of a declared module. What is written by hand beside them is registered by who declares it. */
export async function mountModule(app: FastifyInstance, module: Module) {
  listRoutes(app, listOf(module))
  formRoutes(app, module)
  cardRoutes(app, module)
  if (has(module, 'delete')) deletionRoutes(app, module)
}
