import type { FastifyInstance } from 'fastify'
import type { Access, AccessOf } from './access.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The page adds to a record that its address must name: only links of that record lead there. */
    isAddedToRecord?: boolean
  }
  interface FastifyInstance {
    /** The page on which this person adds one more of what a page is about: the nearest `…/new` above it. */
    ownCreation(request: FastifyRequest): string | null
  }
}

/** Knows every page that adds something, by its route, so that the key n leads there from all pages of its module. */
export function ownCreations(app: FastifyInstance) {
  const rights = new Map<string, Access | AccessOf | undefined>()
  app.addHook('onRoute', ({ method, url, config }) => {
    if (method === 'GET' && url.endsWith('/new') && !config?.isAddedToRecord) rights.set(url, config?.permission)
  })
  app.decorate('ownCreation', (request) => {
    const route = (request.routeOptions.url ?? '').split('/')
    const address = (request.url.split('?')[0] as string).split('/')
    for (let length = route.length; length > 1; length--) {
      const named = rights.get([...route.slice(0, length), 'new'].join('/'))
      const right = typeof named === 'function' ? named(request) : named
      const mayAdd = right === 'signed-in' || (right && right !== 'public' && request.can(right))
      if (mayAdd) return [...address.slice(0, length), 'new'].join('/')
    }
    return null
  })
}
