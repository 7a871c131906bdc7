import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { fact, recordEvent } from '../../kernel/history/history.ts'
import type { Reference } from '../../kernel/reference.ts'
import type { Secrets } from '../../kernel/secrets.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changesBetween, Stale } from '../../kernel/web/record.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { accountFields } from './account-fields.ts'

const t = text.mail.account

export type Account = {
  id: number
  /** Whose it is; null for that of the company. */
  user_id: number | null
  host: string
  port: number
  security: 'none' | 'starttls' | 'tls'
  is_certificate_trusted: boolean
  username: string | null
  sealed_password: string | null
  sender_address: string
  sender_name: string | null
  per_minute: number
  version: number
}

const sealedFor = 'mail_accounts.password'

/** The account of a person, or of the company for null. */
export const findAccount = (db: Knex, userId: number | null): Promise<Account | undefined> =>
  db('mail_accounts').where({ user_id: userId }).first()

/** Through which account a person's mail goes: the own one, else that of the company. */
export const accountFor = async (db: Knex, userId: number): Promise<Account | undefined> =>
  (await findAccount(db, userId)) ?? findAccount(db, null)

/** The password of an account, for the server alone. */
export const passwordOf = ({ sealed_password }: Account, secrets: Secrets): string | null =>
  sealed_password && secrets.decrypt(sealed_password, sealedFor)

/** A stored password is only ever given to the server it was typed for. */
const boundTo = ['host', 'port', 'security', 'is_certificate_trusted', 'username'] as const

/** Why a password must be typed; undefined when none has to be. */
export function passwordProblem(before: Account | undefined, values: Values, password: string): string | undefined {
  if (!values.username || password) return undefined
  if (!before?.sealed_password) return t.passwordNeeded
  return boundTo.some((name) => before[name] !== values[name]) ? t.passwordAgain : undefined
}

type Save = {
  userId: number | null
  version: number
  values: Values
  password: string
  actor: Actor
  reference: Reference
  secrets: Secrets
}

/** Saves an account that still stands at `version` (1 for none so far), throws Stale otherwise. Answers whether anything changed. */
export async function saveAccount(trx: Knex, save: Save): Promise<boolean> {
  const { userId, values, password, actor } = save
  // First, because its row makes two saves wait for each other.
  await bumpRevision(trx)
  const before = await findAccount(trx, userId)
  const isRemoved = Boolean(before?.sealed_password) && !values.username
  const changes = [
    ...changesBetween(accountFields, before ?? { is_certificate_trusted: false }, values, save.reference),
    ...(password || isRemoved ? [fact('password', null, isRemoved ? t.passwordRemoved : t.passwordChangedTo)] : []),
  ]
  if (changes.length === 0) return false
  if ((before?.version ?? 1) !== save.version) throw new Stale()
  const sealed = password ? save.secrets.encrypt(password, sealedFor) : (before?.sealed_password ?? null)
  const row = {
    ...values,
    sealed_password: isRemoved || !values.username ? null : sealed,
    updated_at: new Date().toISOString(),
    version: save.version + 1,
  }
  const id =
    before?.id ??
    (
      await trx('mail_accounts')
        .insert({ ...row, user_id: userId })
        .returning('id')
    )[0].id
  if (before) await trx('mail_accounts').where({ id }).update(row)
  const event = { action: before ? 'update' : 'create', record_type: 'mail_accounts', record_id: id }
  await recordEvent(trx, actor, { ...event, record_version: row.version, record_name: nameOf(userId, actor), changes })
  return true
}

/** Takes a person's own account away from use: what was sent through it still names it. */
export async function removeAccount(trx: Knex, account: Account, actor: Actor) {
  await trx('mail_messages').where({ account_id: account.id }).update({ account_id: null })
  await trx('mail_accounts').where({ id: account.id }).delete()
  const event = { record_type: 'mail_accounts', record_id: account.id, record_name: nameOf(account.user_id, actor) }
  await recordEvent(trx, actor, { ...event, action: 'delete' })
}

const nameOf = (userId: number | null, actor: Actor) => (userId === null ? t.company : `${t.own} ${actor.name}`)
