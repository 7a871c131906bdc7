import type { Knex } from 'knex'
import type { Settings } from '../../kernel/settings/settings.ts'
import { isPassword } from './password.ts'

const day = 86_400_000
/** More than the setting can ask for are of no use. */
const mostKept = 24

/** How many whole days a user's password is still good for; 0 or less when it has expired, null when none ever does. */
export async function daysUntilExpiry(db: Knex, userId: number, { passwordDays }: Settings): Promise<number | null> {
  if (passwordDays === 0) return null
  const last = await db('old_passwords').where({ user_id: userId }).max({ replaced_at: 'replaced_at' }).first()
  const set = last?.replaced_at ?? (await db('users').where({ id: userId }).first('created_at')).created_at
  return Math.ceil((Date.parse(set) + passwordDays * day - Date.now()) / day)
}

/** Keeps the hash of a password that is about to be replaced. */
export async function keepOldPassword(trx: Knex, userId: number) {
  const { password_hash } = await trx('users').where({ id: userId }).first('password_hash')
  await trx('old_passwords').insert({ user_id: userId, password_hash, replaced_at: new Date().toISOString() })
  const kept: number[] = await trx('old_passwords')
    .where({ user_id: userId })
    .orderBy('id', 'desc')
    .limit(mostKept)
    .pluck('id')
  await trx('old_passwords')
    .where({ user_id: userId })
    .where('id', '<', kept.at(-1) ?? 0)
    .delete()
}

/** Whether a new password is the present one or one of the last the rules do not let come back. */
export async function isReused(
  db: Knex,
  { id, password_hash }: { id: number; password_hash: string },
  password: string,
  { passwordHistory }: Settings,
): Promise<'present' | 'earlier' | undefined> {
  if (await isPassword(password, password_hash)) return 'present'
  const before: string[] = await db('old_passwords')
    .where({ user_id: id })
    .orderBy('id', 'desc')
    .limit(Math.max(0, passwordHistory - 1))
    .pluck('password_hash')
  for (const hash of before) if (await isPassword(password, hash)) return 'earlier'
  return undefined
}
