import type { FastifyInstance } from 'fastify'

/** Takes what forms send and nothing else; a request without a body is an empty form. */
export function bodies(app: FastifyInstance) {
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addHook('preValidation', async (request) => {
    request.body ??= {}
  })
}
