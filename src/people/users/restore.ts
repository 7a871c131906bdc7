import { randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import { operator } from '../../kernel/operator.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { endSessionsOf } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { unlock } from './attempt.ts'
import { hashPassword } from './password.ts'

/**
 * Takes everything away that keeps a person out who has the password, for when no administrator can sign in any more:
 * second factor, bound browsers, allowed addresses, locks. With `isPasswordLost` answers a new password, to be changed
 * at the first sign-in.
 */
export async function restoreAccess(db: Knex, username: string, isPasswordLost: boolean): Promise<string | null> {
  const user = await db('users')
    .where({ username_key: foldKey(username) })
    .first('id', 'name')
  if (!user) throw new Refusal({ message: text.restore.nobody(username) })
  const password = isPasswordLost ? randomBytes(9).toString('base64url') : null
  const password_hash = password && (await hashPassword(password))
  await db.transaction(async (trx) => {
    await forgetFactors(trx, user.id)
    await trx('user_access').where({ user_id: user.id }).delete()
    await trx('sender_failures').delete()
    await unlock(trx, user.id)
    if (password_hash)
      await trx('users')
        .where({ id: user.id })
        .update({ password_hash, is_password_due: true, is_factory_password: false })
    await trx('users').where({ id: user.id }).update({ is_approval_due: false })
    await endSessionsOf(trx, user.id)
    const about = { record_type: 'users', record_id: user.id, record_name: user.name }
    await recordEvent(trx, operator, { ...about, action: 'access-restored' })
    await bumpRevision(trx)
  })
  return password
}

/** Begins with a new key where the old one is gone for good: whatever it had encrypted or signed is of no use any more. */
export async function beginNewKey(db: Knex) {
  await db.transaction(async (trx) => {
    await forgetFactors(trx)
    await trx('sign_ins').delete()
    await trx('sessions').delete()
    await trx('devices').delete()
    await trx('mail_accounts').update({ sealed_password: null })
    await trx('secret_keys').delete()
    await recordEvent(trx, operator, { action: 'new-key' })
    await bumpRevision(trx)
  })
}

async function forgetFactors(trx: Knex, userId?: number) {
  const whose = userId === undefined ? {} : { user_id: userId }
  await trx('recovery_codes').where(whose).delete()
  await trx('second_factors').where(whose).delete()
}
