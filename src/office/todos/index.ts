import type { FastifyInstance } from 'fastify'
import { registerDeskSection } from '../../kernel/desk/sections.ts'
import { turningRoutes } from '../../kernel/modules/turning.ts'
import { deskTodos } from './desk.ts'

/** Saying of one that it is done, and their part of the workbench. */
export async function todoRoutes(app: FastifyInstance) {
  registerDeskSection(7, ({ db }, request) => deskTodos(db, request))
  turningRoutes(app, 'todos')
}
