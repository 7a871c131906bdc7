import type { Knex } from 'knex'
import type { Permission } from '../../kernel/permissions.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { rightLabel } from './fields.ts'

/** Without somebody who has each of these, nobody could ever be let in or given a right again. */
const essential: Permission[] = ['users.update', 'roles.update', 'roles.assign']

/**
 * Refuses what was just done in this transaction, at `field`, when nobody in office is left with one of the rights that
 * give rights. They need not be with one person: of separated administrators each keeps some. Who may not give roles
 * lets nobody in alone, so that there must be somebody to approve (devices.update) where no one may do both.
 */
export async function refuseWithoutKeepers(trx: Knex, field: string) {
  const missing = await firstMissing(trx, essential)
  const alone = missing
    ? []
    : await idsOf(keepersOf(trx, 'users.update').whereIn('users.id', keepersOf(trx, 'roles.assign')))
  const lacking = missing ?? (alone.length > 0 ? undefined : await firstMissing(trx, ['devices.update']))
  if (lacking) throw new Refusal({ message: text.roles.lastKeeper(rightLabel(lacking)), field })
}

async function firstMissing(trx: Knex, permissions: Permission[]): Promise<Permission | undefined> {
  for (const permission of permissions) if ((await idsOf(keepersOf(trx, permission))).length === 0) return permission
  return undefined
}

/** The first two people in office who give roles: where there is but one, nobody else can let people in. */
export const roleGivers = (db: Knex): Promise<{ id: number; name: string }[]> =>
  keepersOf(db, 'roles.assign').distinct('users.name').limit(2)

const idsOf = async (keepers: Knex.QueryBuilder): Promise<unknown[]> => keepers.limit(1)

const keepersOf = (trx: Knex, permission: Permission): Knex.QueryBuilder =>
  trx('users')
    .join('user_roles', 'user_roles.user_id', 'users.id')
    .join('role_permissions', 'role_permissions.role_id', 'user_roles.role_id')
    .where('role_permissions.permission', permission)
    .whereNot('users.status', 'left')
    .select('users.id')
