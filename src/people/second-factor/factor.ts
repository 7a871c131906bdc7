import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Secrets } from '../../kernel/secrets.ts'
import type { Settings } from '../../kernel/settings/settings.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { patienceOf } from '../users/attempt.ts'
import type { Caller } from '../users/caller.ts'
import { charge, forgive } from '../users/counters.ts'
import { type Code, codeIn, newRecoveryCodes } from './codes.ts'
import { stepOf } from './totp.ts'

export type Factor = {
  user_id: number
  sealed_secret: string
  last_step: number
  locked_until_at: string | null
  created_at: string
}
type Owner = { id: number; name: string }

const purpose = (userId: number) => `second-factor ${userId}`
const markOf = (secrets: Secrets, userId: number, code: string) =>
  secrets.mark(code.replaceAll('-', ''), `recovery-code ${userId}`)
const about = ({ id, name }: Owner) => ({ record_type: 'users', record_id: id, record_name: name })

/** The second factor of a user, if there is one. */
export const findFactor = (db: Knex, userId: number): Promise<Factor | undefined> =>
  db('second_factors')
    .where({ user_id: userId })
    .first('user_id', 'sealed_secret', 'last_step', 'locked_until_at', 'created_at')

type Enabling = { owner: Owner; secret: string; step: number; actor: Actor; secrets: Secrets }

/** Sets a user's second factor, in place of an earlier one; `step` is that of the code it was proven with. Answers the recovery codes. */
export async function enableFactor(trx: Knex, { owner, secret, step, actor, secrets }: Enabling): Promise<string[]> {
  await trx('second_factors').where({ user_id: owner.id }).delete()
  await trx('second_factors').insert({
    user_id: owner.id,
    sealed_secret: secrets.encrypt(secret, purpose(owner.id)),
    last_step: step,
    failures: 0,
    locked_until_at: null,
    created_at: new Date().toISOString(),
  })
  await recordEvent(trx, actor, { ...about(owner), action: 'second-factor' })
  await bumpRevision(trx)
  return renewCodes(trx, owner, secrets)
}

/** Gives a user new recovery codes; the old ones are of no use any more. */
export async function renewCodes(trx: Knex, { id }: Owner, secrets: Secrets): Promise<string[]> {
  const codes = newRecoveryCodes()
  await trx('recovery_codes').where({ user_id: id }).delete()
  for (const code of codes)
    await trx('recovery_codes').insert({ user_id: id, code_mark: markOf(secrets, id, code), used_at: null })
  return codes
}

/** Takes the second factor of a user away, with its recovery codes. */
export async function removeFactor(trx: Knex, owner: Owner, action: string, actor: Actor) {
  await trx('recovery_codes').where({ user_id: owner.id }).delete()
  await trx('second_factors').where({ user_id: owner.id }).delete()
  await recordEvent(trx, actor, { ...about(owner), action })
  await bumpRevision(trx)
}

/** How many recovery codes a user has left. */
export async function codesLeft(db: Knex, userId: number): Promise<number> {
  const row = await db('recovery_codes')
    .where({ user_id: userId })
    .whereNull('used_at')
    .count({ code_count: 'id' })
    .first()
  return Number(row?.code_count ?? 0)
}

type Attempt = { userId: number; typed: string; secrets: Secrets; settings: Settings; caller: Caller }
export type Answer = 'totp' | 'recovery' | 'wrong' | 'locks' | 'malformed'

/**
 * Whether what was typed is a code of this user: of the app, each accepted once, or a recovery code, each good once.
 * Every attempt counts before it is looked at, and too many wrong ones make those wait who are counted together.
 */
export async function tryCode(db: Knex, attempt: Attempt): Promise<Answer> {
  const { userId, typed, secrets, settings, caller } = attempt
  const code = codeIn(typed)
  if (!code) return 'malformed'
  const counter = caller.codeCounterFor(userId)
  const charged = await charge(db, counter, patienceOf(settings))
  if (charged !== 'refused' && (await isRight(db, userId, code, secrets))) {
    await forgive(db, counter)
    return code.kind
  }
  return charged === 'last' && counter.table === 'second_factors' ? 'locks' : 'wrong'
}

async function isRight(db: Knex, userId: number, { kind, code }: Code, secrets: Secrets): Promise<boolean> {
  if (kind === 'recovery') return useRecoveryCode(db, userId, markOf(secrets, userId, code))
  const factor = await findFactor(db, userId)
  const step = factor && stepOf(secrets.decrypt(factor.sealed_secret, purpose(userId)), code)
  if (!step) return false
  // Of two requests with one code, only the first moves the step.
  return (
    (await db('second_factors').where({ user_id: userId }).where('last_step', '<', step).update({ last_step: step })) >
    0
  )
}

const useRecoveryCode = async (db: Knex, user_id: number, code_mark: string) =>
  (await db('recovery_codes')
    .where({ user_id, code_mark })
    .whereNull('used_at')
    .update({ used_at: new Date().toISOString() })) > 0

/** Forgets wrong codes and the lock they led to. */
export async function unlockFactor(db: Knex, userId: number) {
  await forgive(db, { table: 'second_factors', where: { user_id: userId } })
}
