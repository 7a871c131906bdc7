import type { FastifyInstance } from 'fastify'
import type { List } from './list.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The lists that people adjust, by their path. */
    lists: Map<string, List>
  }
}

/** Lets what a person keeps for a list be read by its declaration. */
export function listRegistry(app: FastifyInstance) {
  app.decorate('lists', new Map())
}
