import type { Knex } from 'knex'
import type { Permission } from '../permissions.ts'
import { Refusal } from '../web/refusal.ts'

/** Without somebody who has each of these, nobody could ever be given a right again. */
const essential: Permission[] = ['users.update', 'roles.update', 'roles.assign']

/** Refuses what was just done in this transaction when nobody in office is left with one of the rights that give rights. */
export async function refuseWithoutKeepers(trx: Knex, refusal: { message: string; field?: string }) {
  for (const permission of essential) {
    const keeper = await trx('users')
      .join('user_roles', 'user_roles.user_id', 'users.id')
      .join('role_permissions', 'role_permissions.role_id', 'user_roles.role_id')
      .where('role_permissions.permission', permission)
      .whereNot('users.status', 'left')
      .first('users.id')
    if (!keeper) throw new Refusal(refusal)
  }
}
