import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { foldedKeys } from '../../kernel/db/keyed-texts.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Reference } from '../../kernel/reference.ts'
import { readSettings } from '../../kernel/settings/settings.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changeRecord, changesBetween, eventOf, Stale } from '../../kernel/web/record.ts'
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
  const row = { code: randomUUID(), ...head, ...foldedKeys('roles', head), ...stamp(), version: 1 }
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
  if (isFixed(before)) throw new Refusal({ status: 409, message: text.roles.isFixed })
  await bumpRevision(trx)
  const changes = await changeRecord(trx, roleKind, { before, ...save })
  if (changes.length === 0) return false
  if (isMore(before, save.values) && (await isOwnRole(trx, before.id, save.actor.id)))
    throw new Refusal({ message: text.roles.isOwn, field: 'name' })
  await storeRights(trx, before.id, { ...before, ...save.values })
  await refuseWithoutKeepers(trx, 'name')
  return true
}

/** Removes a role that nobody holds; built-in ones stay. Throws Stale when it no longer stands at `version`. */
export async function removeRole(trx: Knex, role: Role, { version, actor }: { version: number; actor: Actor }) {
  await bumpRevision(trx)
  const refusal = await whyKept(trx, role)
  if (refusal) throw new Refusal({ status: 409, message: refusal })
  for (const table of ['role_permissions', 'role_ranges', 'role_masks'])
    await trx(table).where({ role_id: role.id }).delete()
  if ((await trx('roles').where({ id: role.id, version }).delete()) === 0) throw new Stale()
  await recordEvent(trx, actor, { ...eventOf(roleKind, role), action: 'delete', record_version: version + 1 })
}

/** Why a role cannot be removed; undefined when it can. */
export async function whyKept(db: Knex, role: Role): Promise<string | undefined> {
  if (isBuiltIn(role)) return text.roles.isBuiltIn
  if ((await readSettings(db)).newUserRole === role.id) return text.roles.isBeginning
  const members = await countMembers(db, role.id)
  return members > 0 ? text.roles.inUse(String(members)) : undefined
}

export async function countMembers(db: Knex, role_id: number): Promise<number> {
  const row = await db('user_roles').where({ role_id }).count({ row_count: '*' }).first()
  return Number(row?.row_count ?? 0)
}

const stamp = () => ({ updated_at: new Date().toISOString() })
