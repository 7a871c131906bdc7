import type { Knex } from 'knex'
import { valuesIn } from '../../kernel/web/multi-value.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'

/** Whether somebody has every right there is: nothing can be given that is not there already. */
const isAdministrator = async (db: Knex, userId: number): Promise<boolean> =>
  (await db('user_roles')
    .join('roles', 'roles.id', 'user_roles.role_id')
    .where({ user_id: userId, code: 'administrator' })
    .first('roles.id')) !== undefined

type Giving = { before: { id: number; role_id: string | null }; after: { role_id: string | null }; actor: Actor }

/** Nobody gives rights to oneself (GB/T 22239-2019, 7.1.4.2): one may only lay roles down. Before the roles are stored. */
export async function refuseOwnRoles(trx: Knex, { before, after, actor }: Giving) {
  if (before.id !== actor.id) return
  const held = valuesIn(before.role_id)
  if (valuesIn(after.role_id).every((role) => held.includes(role))) return
  if (!(await isAdministrator(trx, actor.id))) throw new Refusal({ message: text.roles.notToOneself, field: 'role_id' })
}

/** Whether a role must not be changed by somebody, for it is held by that person. */
export async function isOwnRole(db: Knex, role_id: number, userId: number | null): Promise<boolean> {
  if (userId === null || (await isAdministrator(db, userId))) return false
  return (await db('user_roles').where({ role_id, user_id: userId }).first('role_id')) !== undefined
}
