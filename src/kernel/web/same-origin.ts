import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { Refusal } from './refusal.ts'

/** Refuses every writing request that another site's page sent, without tokens (house §4). */
export function sameOrigin(app: FastifyInstance, publicUrl: string | null) {
  app.addHook('onRequest', async (request) => {
    if (request.method === 'GET' || request.method === 'HEAD') return
    if (!isOwn(request, publicUrl)) throw new Refusal({ status: 403, message: text.errors.otherSite })
  })
}

function isOwn(request: FastifyRequest, publicUrl: string | null) {
  const site = request.headers['sec-fetch-site']
  if (site) return site === 'same-origin' || site === 'none'
  const { origin } = request.headers
  return origin === publicUrl || origin === `${request.protocol}://${request.host}`
}
