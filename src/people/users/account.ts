import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Permission } from '../../kernel/permissions.ts'
import type { IdParams } from '../../kernel/web/params.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { viewerAt } from '../../kernel/web/viewers.ts'
import { text } from '../../texts/index.ts'
import { findUser, type User } from './user.ts'

/** Rights by which one watches over others: whoever opens the account of one who has them has them too. */
const guarding: Permission[] = ['users.update', 'roles.update', 'roles.assign', 'devices.update', 'audit_log.cleanup']

/** Whether a person watches over others by rights that the one who asks neither has nor may give. */
export async function isAboveOneself(db: Knex, request: FastifyRequest, userId: number): Promise<boolean> {
  if (request.can('roles.assign')) return false
  const theirs = await viewerAt(db, request.revision, userId)
  return guarding.some((permission) => theirs.can(permission) && !request.can(permission))
}

/** The account of a person whom another lets in: by a new password, without the second factor, from other places. */
export async function findAccount({ db }: FastifyInstance, request: FastifyRequest<IdParams>): Promise<User> {
  const user = await findUser(db, request.params.id)
  if (await isAboveOneself(db, request, user.id)) throw new Refusal({ status: 403, message: text.users.aboveOneself })
  return user
}
