import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { heldByRevision } from '../db/revision.ts'
import { isPermission, type Permission } from '../permissions.ts'
import { text } from '../texts/index.ts'
import { Refusal } from './refusal.ts'

/** `public`: anyone; `signed-in`: anyone with a session; else the right that is needed. */
export type Access = Permission | 'public' | 'signed-in'

declare module 'fastify' {
  interface FastifyContextConfig {
    permission?: Access
    /** Open to one who has to set a new password first. */
    isOpenBeforePassword?: boolean
  }
  interface FastifyRequest {
    permissions: ReadonlySet<string>
    can(permission: Permission): boolean
  }
}

const none: ReadonlySet<string> = new Set()

const permissionsByUser = heldByRevision(async (db: Knex) => {
  const rows: { user_id: number; permission: string }[] = await db('user_roles')
    .join('role_permissions', 'role_permissions.role_id', 'user_roles.role_id')
    .select('user_roles.user_id', 'role_permissions.permission')
  const held = new Map<number, Set<string>>()
  for (const { user_id, permission } of rows) held.set(user_id, (held.get(user_id) ?? new Set()).add(permission))
  return held
})

/** The one place where rights are asked. A route that names no known right stops the program from starting. */
export function access(app: FastifyInstance) {
  app.addHook('onRoute', (route) => {
    const wanted = route.config?.permission
    if (wanted !== 'public' && wanted !== 'signed-in' && !isPermission(wanted)) {
      throw new Error(`${route.method} ${route.url} names no known permission: ${wanted}`)
    }
  })
  app.decorateRequest('permissions', null as never)
  app.decorateRequest('can', function (this: FastifyRequest, permission: Permission) {
    return (this.permissions ?? none).has(permission)
  })
  app.addHook('onRequest', async (request, reply) => {
    request.permissions = none
    if (!request.user) return leaveToSignIn(request, reply)
    request.permissions = (await permissionsByUser(app.db, request.revision)).get(request.user.id) ?? none
    const { permission, isOpenBeforePassword } = request.routeOptions.config
    if (request.user.is_password_due && !isOpenBeforePassword && permission !== 'public')
      return reply.redirect('/profile/password', 303)
    if (isPermission(permission) && !request.can(permission))
      throw new Refusal({ status: 403, message: text.errors.forbidden })
  })
}

/** Signed out: a page leads to the sign-in; a form is kept there once its body is read (see sessions/kept-form.ts). */
function leaveToSignIn(request: FastifyRequest, reply: FastifyReply) {
  const { permission = 'public' } = request.routeOptions.config
  if (permission === 'public' || request.method === 'POST') return
  const address = `/login?to=${encodeURIComponent(request.url)}`
  if (request.headers['hx-request']) return reply.code(204).header('hx-redirect', address).send()
  return reply.redirect(address, 303)
}
