import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The page adds to a record that its address must name: only links of that record lead there. */
    isAddedToRecord?: boolean | ((request: FastifyRequest) => boolean)
  }
  interface FastifyInstance {
    /** The page on which this person adds one more of what a page is about: the nearest `…/new` above it. */
    ownCreation(request: FastifyRequest): string | null
  }
}

/** Knows every page that adds something, by its route, so that the key n leads there from all pages of its module. */
export function ownCreations(app: FastifyInstance) {
  const creations = new Map<string, FastifyContextConfig>()
  app.addHook('onRoute', ({ method, url, config }) => {
    if (method === 'GET' && url.endsWith('/new') && config) creations.set(url, config)
  })
  app.decorate('ownCreation', (request) => {
    const route = (request.routeOptions.url ?? '').split('/')
    const address = (request.url.split('?')[0] as string).split('/')
    for (let length = route.length; length > 1; length--) {
      const creation = creations.get([...route.slice(0, length), 'new'].join('/'))
      if (creation && mayAdd(request, creation)) return [...address.slice(0, length), 'new'].join('/')
    }
    return null
  })
}

function mayAdd(request: FastifyRequest, { permission, isAddedToRecord }: FastifyContextConfig): boolean {
  if (typeof isAddedToRecord === 'function' ? isAddedToRecord(request) : isAddedToRecord) return false
  const right = typeof permission === 'function' ? permission(request) : permission
  return right === 'signed-in' || (right !== undefined && right !== 'public' && request.can(right))
}
