import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { isUniqueViolation } from '../../kernel/db/dialect.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Reference } from '../../kernel/reference.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changeRecord, eventOf } from '../../kernel/web/record.ts'
import { notFound, Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { withoutWiderReach } from '../../kernel/web/wider-reach.ts'
import { text } from '../../texts/index.ts'
import { refuseOwnRoles } from '../roles/giving.ts'
import { refuseWithoutKeepers } from '../roles/keepers.ts'
import { userKind } from './fields.ts'
import { freshNumber, refuseNumber } from './number.ts'
import { giveRoles, rolesGiven, withRoles } from './roles.ts'
import { refuseSuperior, setSuperior } from './superiors.ts'
import { insertUser, nameOrder, userRow } from './user-row.ts'

export type User = {
  id: number
  version: number
  name: string
  username: string
  status: string
  superior_id: number | null
  /** The ids of the roles, joined. */
  role_id: string | null
  locked_until_at: string | null
  is_password_due: boolean
  is_approval_due: boolean
} & Record<string, unknown>

const columns = userKind.fields.filter(({ name }) => name !== 'role_id').map(({ name }) => `users.${name}`)

/** Users without their passwords; `withRoles` brings what they are. */
export const shownUsers = (db: Knex): Knex.QueryBuilder =>
  db('users').select(
    'users.id',
    'users.version',
    'users.name_pinyin',
    'users.username_key',
    'users.locked_until_at',
    'users.is_password_due',
    'users.is_approval_due',
    ...columns,
  )

/** The user of an id, or a 404. */
export async function findUser(db: Knex, id: number): Promise<User> {
  const user = await shownUsers(db).where('users.id', id).first()
  if (!user) throw notFound()
  return (await withRoles<User>(db, [user]))[0] as User
}

type Given = Values & { name: string; username: string; superior_id?: number | null }

/**
 * Adds a user who has to set a new password at the first sign-in, and to be let in there by another where
 * `isApprovalDue`; answers the id. A taken user name is a Refusal at its field.
 */
export async function addUser(
  trx: Knex,
  values: Values,
  password_hash: string,
  actor: Actor,
  isApprovalDue = false,
): Promise<number> {
  const { role_id, preset_number, ...given } = values as Given
  await bumpRevision(trx)
  const row = { ...given, number: await freshNumber(trx, given, preset_number) }
  await refuseSuperior(trx, null, given.superior_id ?? null)
  await refuseNumber(trx, row)
  const begun = { password_hash, is_password_due: true, is_approval_due: isApprovalDue }
  const id = await refusingTakenName(insertUser(trx, userRow({ ...row, ...begun })))
  await giveRoles(trx, id, role_id)
  const event = { ...eventOf(userKind, { ...row, id }), action: 'create', record_version: 1 }
  await recordEvent(trx, actor, { ...event, changes: await rolesGiven(trx, role_id) })
  return id
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/** Saves a user that still stands at `version`, throws Stale otherwise. Answers whether anything changed. */
export async function saveUser(trx: Knex, before: User, { version, values, actor, reference }: Save): Promise<boolean> {
  // The revision comes first: its row makes changes of users wait for each other, so that two cannot each remove the last administrator but one.
  await bumpRevision(trx)
  const after = { ...before, ...values }
  const isBelowOther = (before.superior_id ?? null) !== (after.superior_id ?? null)
  const isElsewhere = (before.department_id ?? null) !== (after.department_id ?? null)
  if (isBelowOther) await refuseSuperior(trx, before.id, after.superior_id)
  await refuseNumber(trx, after, before)
  const save = { before, version, values, derived: nameOrder(after), actor, reference }
  const move = async () => {
    const changes = await refusingTakenName(changeRecord(trx, userKind, save))
    if (isBelowOther) await setSuperior(trx, before.id, after.superior_id)
    return changes
  }
  const place = { actor, field: isBelowOther ? 'superior_id' : 'department_id' }
  const changes = isBelowOther || isElsewhere ? await withoutWiderReach(trx, place, move) : await move()
  const isOther = changes.some(({ field }) => field === 'role_id')
  if (isOther) await refuseOwnRoles(trx, { before, after, actor })
  if (isOther) await giveRoles(trx, before.id, after.role_id)
  if (isOther || after.status === 'left') await refuseWithoutKeepers(trx, 'role_id')
  return changes.length > 0
}

async function refusingTakenName<T>(saving: PromiseLike<T>): Promise<T> {
  try {
    return await saving
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new Refusal({ message: text.users.usernameTaken, field: 'username' })
  }
}
