import type { FastifyInstance } from 'fastify'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { tagDeletionRoutes } from './deletion.ts'
import { tagFormRoutes } from './form-routes.ts'
import { tagList } from './list.ts'

/** Tags 「标签」: free words that customers carry. */
export async function tagRoutes(app: FastifyInstance) {
  listRoutes(app, tagList)
  tagFormRoutes(app)
  tagDeletionRoutes(app)
}
