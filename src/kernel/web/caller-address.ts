import type { FastifyInstance } from 'fastify'
import { plainAddress } from './addresses.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Where it comes from, as it is compared and shown; nothing where the connection was gone before it could be asked. */
    address: string
  }
}

/** Asks for the address of a request while its connection is there: who is gone has none, and still has to be noted down. */
export function callerAddress(app: FastifyInstance) {
  app.decorateRequest('address', '')
  app.addHook('onRequest', async (request) => {
    request.address = plainAddress((request.ip as string | undefined) ?? '')
  })
}
