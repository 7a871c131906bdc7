import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'

/**
 * Takes what forms send and nothing else; a request without a body is an empty form. Who asks by HEAD gets no body, so
 * that of a download is not drawn to its end.
 */
export function bodies(app: FastifyInstance) {
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addHook('preValidation', async (request) => {
    request.body ??= {}
  })
  app.addHook('onSend', async (request, _reply, body) => {
    if (request.method !== 'HEAD' || !(body instanceof Readable)) return body
    body.destroy()
    return Readable.from([])
  })
}
