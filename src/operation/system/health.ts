import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { currentRevision } from '../../kernel/db/cache-revision.ts'

const patienceMs = 3_000

/**
 * Whether this server can answer people just now, for a balancer or a watchdog: 503 when its database does not answer or
 * is being exchanged. Nobody is recognised for it: that would ask the database first, and fail itself.
 */
export function healthRoute(app: FastifyInstance) {
  app.get(
    '/healthz',
    { config: { permission: 'public', isForAnyone: true }, logLevel: 'silent' },
    async (_request, reply) => {
      const state = app.door.isClosed ? 'maintenance' : (await isAnswering(app)) ? 'ok' : 'database'
      return reply
        .code(state === 'ok' ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ status: state })
    },
  )
}

async function isAnswering({ db }: FastifyInstance): Promise<boolean> {
  const asked = currentRevision(db).then(
    () => true,
    () => false,
  )
  return Promise.race([asked, wait(patienceMs, false, { ref: false })])
}
