import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { isPermission, type Permission } from '../permissions.ts'
import { forbidden, notFound, Refusal } from './refusal.ts'
import { type Due, dueAt, duePlaces } from './sign-in-obligations.ts'
import type { Viewer } from './viewer.ts'
import { viewerAt } from './viewers.ts'

/** `public`: anyone; `signed-in`: anyone with a session; else the right that is needed. */
export type Access = Permission | 'public' | 'signed-in'
/** Where one address serves modules that rows define, the right is that of the module the request is about; none where it is not there. */
export type AccessOf = (request: FastifyRequest) => Permission | undefined

declare module 'fastify' {
  interface FastifyContextConfig {
    permission?: Access | AccessOf
    /** Rights each of which is as good as the one that is named: of an address that serves all modules alike. */
    otherPermissions?: (() => Permission[]) | undefined
    /** Answered without looking who asks, also while the door is closed. */
    isForAnyone?: true
    /** Open to one who has to do this first. */
    isOpenWhenDue?: Due
  }
  interface FastifyInstance {
    /** The right each address asks for, as the routes name it. */
    rightsOfRoutes: { url: string; permission: Access | AccessOf }[]
  }
  interface FastifyRequest {
    /** Who asks, and how far the rights reach; nobody without a session. */
    viewer: Viewer
    can(permission: Permission): boolean
  }
}

const stranger: Viewer = { id: 0, can: () => false, scope: () => new Set(), isMasked: () => true }

/** The one place where rights are asked. A route that names no known right stops the program from starting. */
export function access(app: FastifyInstance) {
  const rightsOfRoutes: FastifyInstance['rightsOfRoutes'] = []
  app.decorate('rightsOfRoutes', rightsOfRoutes)
  app.addHook('onRoute', (route) => {
    const wanted = route.config?.permission
    if (wanted !== 'public' && wanted !== 'signed-in' && typeof wanted !== 'function' && !isPermission(wanted)) {
      throw new Error(`${route.method} ${route.url} names no known permission: ${wanted}`)
    }
    if (route.method === 'GET') rightsOfRoutes.push({ url: route.url, permission: wanted })
  })
  app.decorateRequest('viewer', null as never)
  app.decorateRequest('can', function (this: FastifyRequest, permission: Permission) {
    return (this.viewer ?? stranger).can(permission)
  })
  app.addHook('onRequest', async (request, reply) => {
    request.viewer = stranger
    if (!request.user) return leaveToSignIn(request, reply)
    request.viewer = await viewerAt(app.db, request.revision, request.user.id)
    const permission = accessTo(request)
    const due = dueAt(request)
    // A form is kept first, once its body is read (see people/sign-in/parked-form.ts).
    if (due && request.method !== 'POST') return reply.redirect(duePlaces[due], 303)
    if (due) return
    if (isPermission(permission) && !request.can(permission)) {
      request.log.warn({ user: request.user.id, permission, number: request.id }, 'forbidden')
      throw forbidden()
    }
  })
}

/** The right a request asks for. Throws notFound where the module it is about is not there. */
export function accessTo(request: FastifyRequest): Access | undefined {
  const { permission, otherPermissions } = request.routeOptions.config
  if (typeof permission !== 'function') return otherRight(request, otherPermissions) ?? permission
  const right = permission(request)
  if (!right) throw notFound()
  return right
}

/** Of several rights that are as good the first this person has. */
const otherRight = (request: FastifyRequest, others: FastifyContextConfig['otherPermissions']) =>
  others?.().find((right) => request.can(right))

/** Signed out: a page leads to the sign-in; a form is kept there once its body is read (see people/sign-in/parked-form.ts). */
function leaveToSignIn(request: FastifyRequest, reply: FastifyReply) {
  const { permission = 'public' } = request.routeOptions.config
  if (permission === 'public' || request.method === 'POST') return
  const address = `/login?to=${encodeURIComponent(request.url)}`
  if (!request.headers['hx-request']) return reply.redirect(address, 303)
  if (isBesideForm(request)) throw new Refusal({ status: 401, message: text.sessions.expired })
  return reply.code(204).header('hx-redirect', address).send()
}

/** A part that another page asks for, like what is found while one fills in a form: to leave it would lose what was typed. */
function isBesideForm({ headers, url }: FastifyRequest) {
  const page = headers['hx-current-url']
  return URL.canParse(String(page)) && new URL(String(page)).pathname !== url.split('?')[0]
}
