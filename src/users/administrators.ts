import type { Knex } from 'knex'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'

/** Refuses a change after which nobody would be left who may do everything; `after` is the user as it would be. */
export async function refuseWithoutAdministrator(
  trx: Knex,
  after: { id: number; status: string; role_id: number | null },
) {
  const role = await trx('roles').where({ code: 'administrator' }).first('id')
  if (after.role_id === role.id && after.status !== 'left') return
  const other = await trx('users')
    .join('user_roles', 'user_roles.user_id', 'users.id')
    .where('user_roles.role_id', role.id)
    .whereNot('users.status', 'left')
    .whereNot('users.id', after.id)
    .first('users.id')
  if (!other) throw new Refusal({ message: text.users.lastAdministrator, field: 'role_id' })
}
