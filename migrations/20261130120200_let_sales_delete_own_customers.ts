import type { Knex } from 'knex'

const before = [
  'analysis.export',
  'analysis.print',
  'analysis.view',
  'business_cards.create',
  'business_cards.view',
  'company.view',
  'competitors.view',
  'contacts.create',
  'contacts.print',
  'contacts.update',
  'contacts.view',
  'customers.create',
  'customers.print',
  'customers.update',
  'customers.view',
  'files.create',
  'files.view',
  'mail.create',
  'mail.view',
  'tags.view',
]
const added = ['contacts.delete', 'customers.delete', 'recycle_bin.restore', 'recycle_bin.view']

/** The rights of the built-in role, where they are exactly these; a company that changed it has decided for itself. */
async function roleWith(knex: Knex, permissions: string[]): Promise<number | undefined> {
  const role = await knex('roles').where({ code: 'sales' }).first('id')
  if (role?.id === undefined) return undefined
  const held: string[] = await knex('role_permissions').where({ role_id: role.id }).pluck('permission')
  const ranges: string[] = await knex('role_ranges').where({ role_id: role.id }).pluck('range')
  const isSame = held.sort().join() === [...permissions].sort().join() && ranges.every((range) => range === 'own')
  return isSame ? role.id : undefined
}

/** Salespeople delete their own customers into the bin and restore them; only who purges takes them away for good. */
export async function up(knex: Knex) {
  const role_id = await roleWith(knex, before)
  if (role_id === undefined) return
  for (const permission of added) await knex('role_permissions').insert({ role_id, permission })
}

export async function down(knex: Knex) {
  const role_id = await roleWith(knex, [...before, ...added])
  if (role_id === undefined) return
  await knex('role_permissions').where({ role_id }).whereIn('permission', added).delete()
}
