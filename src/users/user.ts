import type { Knex } from 'knex'
import { isUniqueViolation } from '../db/dialect.ts'
import { moveRevision } from '../db/revision.ts'
import { recordEvent } from '../history.ts'
import type { Reference } from '../reference.ts'
import { text } from '../texts/index.ts'
import type { Values } from '../web/form.ts'
import { changeRecord, eventOf } from '../web/record.ts'
import { notFound, Refusal } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'
import { refuseWithoutAdministrator } from './administrators.ts'
import { userKind } from './fields.ts'
import { refuseNumber } from './number.ts'
import { refuseSuperior, setSuperior } from './superiors.ts'
import { insertUser, nameKeys, userRow } from './user-row.ts'

export type User = {
  id: number
  version: number
  name: string
  username: string
  status: string
  superior_id: number | null
  role_id: number | null
  locked_until_at: string | null
  is_password_due: boolean
} & Record<string, unknown>

const columns = userKind.fields.filter(({ name }) => name !== 'role_id').map(({ name }) => `users.${name}`)

/** Users with their role, without their passwords. */
export const usersWithRole = (db: Knex): Knex.QueryBuilder =>
  db('users').select(
    'users.id',
    'users.version',
    'users.name_pinyin',
    'users.username_key',
    'users.locked_until_at',
    'users.is_password_due',
    ...columns,
    db('user_roles').where('user_roles.user_id', db.ref('users.id')).min('role_id').as('role_id'),
  )

/** The user of an id, or a 404. */
export async function findUser(db: Knex, id: number): Promise<User> {
  const user = await usersWithRole(db).where('users.id', id).first()
  if (!user) throw notFound()
  return user
}

/** Adds a user who has to set a new password at the first sign-in; answers the id. A taken user name is a Refusal at its field. */
export async function addUser(trx: Knex, values: Values, password_hash: string, actor: Actor): Promise<number> {
  const { role_id, ...row } = values as Values & { name: string; username: string; role_id: number }
  await moveRevision(trx)
  await refuseSuperior(trx, null, (row.superior_id ?? null) as number | null)
  await refuseNumber(trx, row as Values)
  const id = await refusingTakenName(insertUser(trx, userRow({ ...row, password_hash, is_password_due: true })))
  await trx('user_roles').insert({ user_id: id, role_id })
  await recordEvent(trx, actor, { ...eventOf(userKind, { ...row, id }), action: 'create', record_version: 1 })
  return id
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/** Saves a user that still stands at `version`, throws Stale otherwise. Answers whether anything changed. */
export async function saveUser(trx: Knex, before: User, { version, values, actor, reference }: Save): Promise<boolean> {
  // The revision comes first: its row makes changes of users wait for each other, so that two cannot each remove the last administrator but one.
  await moveRevision(trx)
  const after = { ...before, ...values }
  if (before.role_id !== after.role_id || after.status === 'left') await refuseWithoutAdministrator(trx, after)
  const isMoved = (before.superior_id ?? null) !== (after.superior_id ?? null)
  if (isMoved) await refuseSuperior(trx, before.id, after.superior_id)
  await refuseNumber(trx, after, before)
  // The role has its own table; undefined keeps it out of the update.
  const derived = { ...nameKeys(after), role_id: undefined }
  const changes = await refusingTakenName(
    changeRecord(trx, userKind, { before, version, values, derived, actor, reference }),
  )
  if (isMoved) await setSuperior(trx, before.id, after.superior_id)
  if (changes.some(({ field }) => field === 'role_id')) await giveRole(trx, before.id, after.role_id as number)
  return changes.length > 0
}

async function giveRole(trx: Knex, user_id: number, role_id: number) {
  await trx('user_roles').where({ user_id }).delete()
  await trx('user_roles').insert({ user_id, role_id })
}

async function refusingTakenName<T>(saving: PromiseLike<T>): Promise<T> {
  try {
    return await saving
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new Refusal({ message: text.users.usernameTaken, field: 'username' })
  }
}
