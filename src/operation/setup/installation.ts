import type { Knex } from 'knex'
import { dictionaries } from '../../../seeds/dictionaries.ts'
import { regions } from '../../kernel/china/regions.ts'
import { insertAll } from '../../kernel/db/dialect.ts'
import { foldedKeys } from '../../kernel/db/keyed-texts.ts'
import { permissions, rangedModules, rangeKinds } from '../../kernel/permissions.ts'
import { type PresetRole, presetRoles } from '../../people/roles/preset-roles.ts'
import { firstAccount } from '../../people/users/first-account.ts'
import { hashPassword } from '../../people/users/password.ts'
import { insertUser, userRow } from '../../people/users/user-row.ts'
import { text } from '../../texts/index.ts'

/**
 * Fills an empty database with what the program needs: roles, dictionaries, divisions and the first account; on one in
 * use, brings the roles and the rights of the administrators that came with an update. Answers whether the database was empty.
 */
export async function presetInstallation(
  db: Knex,
  initialPassword: string | null,
  hash: (password: string) => Promise<string> = hashPassword,
): Promise<boolean> {
  const isUsed = await db('revisions').first('name')
  if (isUsed) {
    await db.transaction(bringRolesUpToDate)
    return false
  }
  const password_hash = await hash(initialPassword ?? firstAccount.password)
  await db.transaction(async (trx) => {
    await trx('revisions').insert({ name: 'reference', number: 1 })
    await presetDictionaries(trx)
    await presetAccess(
      trx,
      userRow({
        username: firstAccount.username,
        name: text.preset.administrator,
        password_hash,
        is_factory_password: initialPassword === null,
        is_password_due: initialPassword === null,
      }),
    )
  })
  return true
}

async function presetAccess(trx: Knex, user: ReturnType<typeof userRow>) {
  const user_id = await insertUser(trx, user)
  for (const role of presetRoles()) {
    const role_id = await addPresetRole(trx, role)
    if (role.code === 'administrator') await trx('user_roles').insert({ user_id, role_id })
  }
}

async function addPresetRole(trx: Knex, { code, permissions, ranges, masks = [] }: PresetRole): Promise<number> {
  const name = text.roles.names[code]
  const row = { code, name, ...foldedKeys('roles', { name }), note: text.roles.notes[code], version: 1 }
  const [{ id: role_id }] = await trx('roles')
    .insert({ ...row, updated_at: new Date().toISOString() })
    .returning('id')
  await insertAll(
    trx,
    'role_permissions',
    [...new Set(permissions)].map((permission) => ({ role_id, permission })),
  )
  await insertAll(trx, 'role_ranges', rangesFor(role_id, rangedModules(), ranges))
  await insertAll(
    trx,
    'role_masks',
    masks.map((field_group) => ({ role_id, field_group })),
  )
  return role_id
}

async function presetDictionaries(trx: Knex) {
  const entries = dictionaries.flatMap(({ name, entries }) =>
    entries.map(({ label, code, tone, is_default }, position) => ({
      dictionary: name,
      label,
      ...foldedKeys('dictionary_entries', { label }),
      code: code ?? null,
      tone: tone ?? null,
      position,
      is_default: is_default ?? false,
      is_active: true,
      version: 1,
    })),
  )
  await insertAll(trx, 'dictionary_entries', entries)
  await insertAll(
    trx,
    'administrative_divisions',
    regions.map(([code, name, parent_code, level]) => ({ code, name, parent_code, level, is_active: true })),
  )
}

async function bringRolesUpToDate(trx: Knex) {
  const codes: string[] = await trx('roles').pluck('code')
  for (const role of presetRoles()) if (!codes.includes(role.code)) await addPresetRole(trx, role)
  await giveAdministratorsEveryRight(trx)
  for (const role of presetRoles()) await reachNewModules(trx, role)
}

/** A module that came with an update is reached by the built-in roles as far as the others. */
async function reachNewModules(trx: Knex, { code, ranges }: PresetRole) {
  const { id: role_id } = await trx('roles').where({ code }).first('id')
  const reached: string[] = await trx('role_ranges').where({ role_id }).distinct().pluck('module')
  const missing = rangedModules().filter((module) => !reached.includes(module))
  await insertAll(trx, 'role_ranges', rangesFor(role_id, missing, ranges))
}

const rangesFor = (role_id: number, modules: string[], ranges: PresetRole['ranges']) =>
  modules.flatMap((module) => rangeKinds.map((kind) => ({ role_id, module, kind, range: ranges[kind] })))

async function giveAdministratorsEveryRight(db: Knex) {
  const role = await db('roles').where({ code: 'administrator' }).first('id')
  const held: string[] = await db('role_permissions').where({ role_id: role.id }).pluck('permission')
  const missing = permissions().filter((permission) => !held.includes(permission))
  await insertAll(
    db,
    'role_permissions',
    missing.map((permission) => ({ role_id: role.id, permission })),
  )
}
