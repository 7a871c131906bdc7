import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Reference } from '../../kernel/reference.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { type Actor, endSessionsOf } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { findFactor, unlockFactor } from '../second-factor/factor.ts'
import { isLocked, unlock } from './attempt.ts'
import { userKind } from './fields.ts'
import { hashPassword } from './password.ts'
import { keepOldPassword } from './password-age.ts'
import { saveUser, type User } from './user.ts'

type By = { actor: Actor; reference: Reference }
export type Act = (trx: Knex, user: User, by: By) => Promise<unknown>

/** Closes the account of one who leaves and ends the sessions; nothing is deleted. Never one's own or the last administrator's. */
export const closeUser: Act = async (trx, user, by) => {
  if (user.status === 'left') throw new Refusal({ message: text.users.closure.refused })
  if (user.id === by.actor.id) throw new Refusal({ message: text.users.notOneself })
  await saveUser(trx, user, { version: user.version, values: { status: 'left' }, ...by })
  await endSessionsOf(trx, user.id)
}

export const reopenUser: Act = async (trx, user, by) => {
  if (user.status !== 'left') throw new Refusal({ message: text.users.reopening.refused })
  await saveUser(trx, user, { version: user.version, values: { status: 'active' }, ...by })
}

export const unlockUser: Act = async (trx, user, { actor }) => {
  const factor = await findFactor(trx, user.id)
  if (!isLocked(user) && !(factor && isLocked(factor))) throw new Refusal({ message: text.users.unlocking.refused })
  await unlock(trx, user.id)
  await unlockFactor(trx, user.id)
  await recordEvent(trx, actor, { ...eventOf(userKind, user), action: 'unlock' })
}

type NewPassword = { password: string; actor: Actor }

/**
 * Gives a user a password that has to be changed at the next sign-in, ends the sessions and the lock. Who resets it
 * knows it: where that person may not give roles, `isApprovalDue`, and another lets the browser in.
 */
export async function resetPassword(db: Knex, user: User, password: NewPassword, isApprovalDue: boolean) {
  await storePassword(db, user, password, { action: 'password-reset', isDue: true, isApprovalDue, keep: null })
}

/** Sets one's own new password and ends one's other sessions; `keep` is the key of the present one. */
export async function changePassword(db: Knex, user: User, { password, actor }: NewPassword, keep: string | null) {
  await storePassword(db, user, { password, actor }, { action: 'password', isDue: false, isApprovalDue: false, keep })
}

type How = { action: string; isDue: boolean; isApprovalDue: boolean; keep: string | null }

async function storePassword(db: Knex, user: User, { password, actor }: NewPassword, how: How) {
  const { action, isDue, isApprovalDue, keep } = how
  const password_hash = await hashPassword(password)
  await db.transaction(async (trx) => {
    await keepOldPassword(trx, user.id)
    await trx('users')
      .where({ id: user.id })
      .update({ password_hash, is_password_due: isDue, is_approval_due: isApprovalDue, is_factory_password: false })
    await unlock(trx, user.id)
    await endSessionsOf(trx, user.id, keep)
    await recordEvent(trx, actor, { ...eventOf(userKind, user), action })
    await bumpRevision(trx)
  })
}
