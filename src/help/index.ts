import type { FastifyInstance } from 'fastify'
import { text } from '../texts/index.ts'

const t = text.help

/** What people need to know and no page says. */
export async function helpRoutes(app: FastifyInstance) {
  app.get('/help/remote-access', { config: { permission: 'signed-in' } }, async (request, reply) => {
    const isEncrypted = request.protocol === 'https'
    const facts = [
      { label: t.address, text: `${request.protocol}://${request.host}` },
      { label: t.encrypted, text: isEncrypted ? t.encryptedYes : t.encryptedNo, tone: isEncrypted ? 'green' : 'amber' },
      { label: t.sourceAddress, text: request.actor.address ?? '' },
    ]
    const hints = [...(isEncrypted ? [] : [t.encryptedNoHint]), t.sourceProxyHint]
    return reply.page('help/remote-access', { title: t.remoteAccess, facts, hints, sections: t.sections })
  })
}
