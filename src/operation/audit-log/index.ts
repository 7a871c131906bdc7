import type { FastifyInstance } from 'fastify'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { cleanupRoutes } from './cleanup-routes.ts'
import { comparisonRoutes } from './comparison.ts'
import { entryRoutes } from './entry-page.ts'
import { auditLogList } from './list.ts'
import { verificationRoutes } from './verification-routes.ts'

/** The operation log 「操作日志」: looked at, taken out, checked, and cleaned up after the retention. */
export async function auditLogRoutes(app: FastifyInstance) {
  listRoutes(app, auditLogList)
  entryRoutes(app)
  verificationRoutes(app)
  comparisonRoutes(app)
  cleanupRoutes(app)
}
