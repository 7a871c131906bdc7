import type { Knex } from 'knex'
import { dictionaries } from '../../../seeds/dictionaries.ts'
import { regions } from '../../kernel/china/regions.ts'
import { insertAll } from '../../kernel/db/dialect.ts'
import { foldedKeys } from '../../kernel/db/keyed-texts.ts'
import { addPresetRoles, bringRolesUpToDate } from '../../people/roles/installed.ts'
import { firstAccount } from '../../people/users/first-account.ts'
import { hashPassword } from '../../people/users/password.ts'
import { insertUser, userRow } from '../../people/users/user-row.ts'
import { text } from '../../texts/index.ts'

/**
 * Fills an empty database with what the program needs: roles, dictionaries, divisions and the first account; on one in
 * use, brings the roles and the rights that came with an update. Answers whether the database was empty.
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
  await trx('user_roles').insert({ user_id, role_id: await addPresetRoles(trx) })
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
