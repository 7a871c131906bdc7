import type { Knex } from 'knex'
import { cachedByRevision } from '../../kernel/db/cache-revision.ts'

/** The users one of whose roles asks for a second factor, and who have none yet. */
export const secondFactorDueAt = cachedByRevision(
  async (db: Knex): Promise<Set<number>> =>
    new Set(
      await db('user_roles')
        .join('roles', 'roles.id', 'user_roles.role_id')
        .where('roles.is_second_factor_required', true)
        .whereNotIn('user_roles.user_id', db('second_factors').select('user_id'))
        .pluck('user_roles.user_id'),
    ),
)

/** Whether one of a user's roles asks for a second factor. */
export async function isSecondFactorRequired(db: Knex, userId: number): Promise<boolean> {
  const role = await db('user_roles')
    .join('roles', 'roles.id', 'user_roles.role_id')
    .where({ user_id: userId, is_second_factor_required: true })
    .first('roles.id')
  return role !== undefined
}
