import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import type { Change } from '../../kernel/history/history.ts'
import type { Reference } from '../../kernel/reference.ts'
import type { FieldKind } from '../../kernel/web/fields.ts'
import { joined, several, valuesIn } from '../../kernel/web/multi-value.ts'
import { text } from '../../texts/index.ts'

export const roleOptions = (reference: Reference) =>
  reference.roles.map(({ id, name }) => ({ value: String(id), label: name }))

/** One role or several; what is no role is refused. */
export const rolesKind: FieldKind = {
  ...several,
  parse: (typed, field, reference) => {
    const known = new Set(field.options?.(reference).map(({ value }) => value))
    if (valuesIn(typed).some((value) => !known.has(value))) throw text.form.choice
    return several.parse(typed, field, reference)
  },
}

/** Users with the ids of their roles in `role_id`, joined like a field of several. */
export async function withRoles<R extends { id: number }>(
  db: Knex,
  users: R[],
): Promise<(R & { role_id: string | null })[]> {
  const rows: { user_id: number; role_id: number }[] = await db('user_roles')
    .whereIn(
      'user_id',
      users.map(({ id }) => id),
    )
    .select('user_id', 'role_id')
  const held = Map.groupBy(rows, ({ user_id }) => user_id)
  return users.map((user) => ({ ...user, role_id: joined((held.get(user.id) ?? []).map(({ role_id }) => role_id)) }))
}

/** The roles a new user begins with, as the history says it. */
export async function rolesGiven(trx: Knex, roles: unknown): Promise<Change[]> {
  const names: string[] = await trx('roles').whereIn('id', valuesIn(roles).map(Number)).orderBy('id').pluck('name')
  return [{ field: 'role_id', before: null, after: roles, beforeText: '', afterText: text.common.listed(names) }]
}

/** Gives a user exactly these roles. */
export async function giveRoles(trx: Knex, user_id: number, roles: unknown) {
  await trx('user_roles').where({ user_id }).delete()
  await insertAll(
    trx,
    'user_roles',
    valuesIn(roles).map((id) => ({ user_id, role_id: Number(id) })),
  )
}
