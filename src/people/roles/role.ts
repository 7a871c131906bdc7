import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { companyPinyin } from '../../kernel/china/pinyin.ts'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { foldedKeys } from '../../kernel/db/keyed-texts.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Reason } from '../../kernel/modules/module.ts'
import type { Reference } from '../../kernel/reference.ts'
import { readSettings } from '../../kernel/settings/settings.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changeRecord, changesBetween, eventOf } from '../../kernel/web/record.ts'
import { notFound, Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { roleKind } from './fields.ts'
import { isOwnRole } from './giving.ts'
import { refuseWithoutKeepers } from './keepers.ts'
import { presetRoles } from './preset-roles.ts'
import { isMore, noRights, rightsOf, storeRights } from './rights.ts'

/** A role with its rights, as the fields of its form hold them. */
export type Role = { id: number; code: string; name: string; version: number } & Values

export const isBuiltIn = ({ code }: Pick<Role, 'code'>) => presetRoles().some((preset) => preset.code === code)

/** Its rights are all there are, whatever an update of the program brings. */
export const isFixed = ({ code }: Pick<Role, 'code'>) => code === 'administrator'

export async function findRole(db: Knex, id: number): Promise<Role> {
  const role = await db('roles').where({ id }).first()
  if (!role) throw notFound()
  return { ...role, ...(await rightsOf(db, id)) }
}

/*
 * Every change begins with the revision: its row is then locked, so that two changes of roles never overlap.
 */

type By = { actor: Actor; reference: Reference }

/** Adds a role with its rights; answers its id. Fails by the unique index when the name is taken. */
export async function addRole(trx: Knex, values: Values, { actor, reference }: By): Promise<number> {
  await bumpRevision(trx)
  const { name, note = null, is_second_factor_required = false } = values
  const head = { name, note, is_second_factor_required }
  const row = { code: randomUUID(), ...head, ...newRole(String(name)) }
  const [{ id }] = await trx('roles').insert(row).returning('id')
  await storeRights(trx, id, values)
  await recordEvent(trx, actor, {
    ...eventOf(roleKind, { ...row, id }),
    action: 'create',
    record_version: 1,
    changes: changesBetween(roleKind.fields, noRights(), values, reference),
  })
  return id
}

/** Saves a role that still stands at `version`, throws Stale otherwise. Answers whether anything changed. */
export async function saveRole(
  trx: Knex,
  before: Role,
  save: By & { version: number; values: Values },
): Promise<boolean> {
  await bumpRevision(trx)
  const { name = before.name } = save.values
  const changes = await changeRecord(trx, roleKind, { before, derived: spelled(String(name)), ...save })
  if (changes.length === 0) return false
  if (isMore(before, save.values) && (await isOwnRole(trx, before.id, save.actor.id)))
    throw new Refusal({ message: text.roles.isOwn, field: 'name' })
  await storeRights(trx, before.id, { ...before, ...save.values })
  await refuseWithoutKeepers(trx, 'name')
  return true
}

/** Why a role cannot go: new accounts begin with it, or people hold it. */
export async function whyKept(db: Knex, { id }: { id: number }): Promise<Reason[]> {
  const { isBeginning, inUse, showMembers } = text.roles
  const members = await countMembers(db, id)
  return [
    ...((await readSettings(db)).newUserRole === id ? [{ text: isBeginning, href: '/settings' }] : []),
    ...(members > 0 ? [{ text: inUse(String(members)), href: `/users?role_id=${id}`, label: showMembers }] : []),
  ]
}

export async function countMembers(db: Knex, role_id: number): Promise<number> {
  const row = await db('user_roles').where({ role_id }).count({ row_count: '*' }).first()
  return Number(row?.row_count ?? 0)
}

const spelled = (name: string) => ({ name_pinyin: companyPinyin(name).full })

/** What the row of a new role has beside what is said of it. */
export function newRole(name: string) {
  const now = new Date().toISOString()
  return { ...foldedKeys('roles', { name }), ...spelled(name), created_at: now, updated_at: now, version: 1 }
}
