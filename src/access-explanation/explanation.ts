import type { Knex } from 'knex'
import { currentRevision } from '../db/revision.ts'
import { type MaskGroup, maskGroups, type Permission, type Range } from '../permissions.ts'
import { referenceAt } from '../reference.ts'
import { rightLabel } from '../roles/fields.ts'
import { text } from '../texts/index.ts'
import { reaches } from '../web/reach.ts'
import { viewerAt } from '../web/viewer.ts'
import { type HeldRole, type Rule, rulesOf, standingOf } from './rules.ts'

const t = text.accessExplanation

/** The rights a page about one customer explains, in this order. */
const explained = [
  'customers.view',
  'customers.update',
  'customers.delete',
  'customers.print',
  'customers.export',
  'contacts.view',
  'contacts.update',
  'files.view',
  'files.create',
] as const satisfies Permission[]

export type Line = { label: string; isAllowed: boolean; rules: Rule[] }
export type Explanation = { lines: Line[]; masks: string[] }

type Explained = { id: number; owner_id: number; deleted_at: string | null }

/** Why a person can or cannot see and change a customer: each right with what each role says; the outcome is the viewer's own. */
export async function explain(db: Knex, userId: number, customer: Explained): Promise<Explanation> {
  const revision = await currentRevision(db)
  const reference = await referenceAt(db, revision)
  const viewer = await viewerAt(db, revision, userId)
  const isGone = reference.person(userId)?.status === 'left'
  const roles = await rolesOf(db, userId)
  const standing = await standingOf(db, userId, customer.owner_id, reference)
  const lines = explained.map((permission) => {
    const isReached = reaches(viewer.reach(permission), customer.owner_id)
    const rules = rulesOf(roles, permission, standing)
    if (!isReached && rules.some(({ isAllowing }) => isAllowing))
      rules.push({ isAllowing: false, text: t.reason.notVisible })
    if (isGone) rules.push({ isAllowing: false, text: t.reason.left })
    if (customer.deleted_at) rules.push({ isAllowing: false, text: t.reason.deleted })
    return { label: rightLabel(permission), isAllowed: isReached && !isGone && !customer.deleted_at, rules }
  })
  return { lines, masks: masksOf(maskGroups.filter(viewer.isMasked), viewer.can('customers.unmask')) }
}

function masksOf(groups: MaskGroup[], mayUnmask: boolean): string[] {
  if (groups.length === 0) return [t.unmasked]
  const said = t.maskedBy(text.common.listed(groups.map((group) => text.roles.masks[group])))
  return mayUnmask ? [said, t.mayUnmask] : [said]
}

async function rolesOf(db: Knex, user_id: number): Promise<HeldRole[]> {
  const roles: { id: number; name: string }[] = await db('user_roles')
    .join('roles', 'roles.id', 'user_roles.role_id')
    .where({ user_id })
    .orderBy('roles.id')
    .select('roles.id', 'roles.name')
  const held: HeldRole[] = []
  for (const { id: role_id, name } of roles) {
    const ranges: { module: string; kind: string; range: Range }[] = await db('role_ranges').where({ role_id })
    held.push({
      name,
      permissions: new Set(await db('role_permissions').where({ role_id }).pluck('permission')),
      ranges: new Map(ranges.map(({ module, kind, range }) => [`${module}.${kind}`, range])),
      masks: new Set(await db('role_masks').where({ role_id }).pluck('field_group')),
    })
  }
  return held
}
