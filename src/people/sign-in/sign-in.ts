import type { Knex } from 'knex'
import { singleLine } from '../../kernel/china/text.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Settings } from '../../kernel/settings/settings.ts'
import type { Access } from '../devices/access.ts'
import { tryPassword } from '../users/attempt.ts'
import type { Caller } from '../users/caller.ts'

export type Attempt = {
  username: string
  password: string
  isFromThisMachine: boolean
  address: string | null
  caller: Caller
}
type Rules = { settings: Settings; access: Map<number, Access> }
type Found = { id: number; name: string; password_hash: string; is_factory_password: boolean }

/** The id of the user whose name and password these are, or null, whatever was wrong; what was wrong is in the operation log. */
export async function signIn(db: Knex, attempt: Attempt, { settings, access }: Rules): Promise<number | null> {
  const { address, password, caller } = attempt
  const found = await findUser(db, attempt)
  const isElsewhere = found !== undefined && access.get(found.id)?.allows(address ?? '') === false
  const user = isElsewhere ? undefined : found
  const outcome = await tryPassword(db, user, { username: keyOf(attempt), password, caller, settings })
  if (user && outcome === 'right') return user.id
  const stranger = { id: null, name: shortName(attempt.username), address }
  await recordEvent(db, stranger, { action: 'sign-in-failed' })
  if (outcome === 'locks-sender') await recordEvent(db, stranger, { action: 'sender-locked' })
  const about = found && { record_type: 'users', record_id: found.id, record_name: found.name }
  if (isElsewhere) await recordEvent(db, stranger, { action: 'sign-in-elsewhere', ...about })
  if (outcome === 'locks') await recordEvent(db, stranger, { action: 'sign-in-locked', ...about })
  return null
}

/** Nobody whose account is closed, and the factory password only at the machine itself. */
async function findUser(db: Knex, attempt: Attempt): Promise<Found | undefined> {
  const user = await db('users')
    .where({ username_key: keyOf(attempt) })
    .whereNot({ status: 'left' })
    .first('id', 'name', 'password_hash', 'is_factory_password')
  return user?.is_factory_password && !attempt.isFromThisMachine ? undefined : user
}

/** The user whose name was typed, whatever the password is. */
export async function userIdNamed(db: Knex, { username }: { username?: unknown }): Promise<number | undefined> {
  if (typeof username !== 'string') return undefined
  const username_key = foldKey(username.slice(0, 200))
  return (await db('users').where({ username_key }).first('id'))?.id
}

const keyOf = ({ username }: Attempt) => foldKey(username)
const shortName = (typed: string) => [...singleLine(typed)].slice(0, 30).join('')
