import type { Knex } from 'knex'
import { currentRevision } from '../../kernel/db/cache-revision.ts'
import { type MaskGroup, maskGroups, type Permission, type Range, rangedOver } from '../../kernel/permissions.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { inScope } from '../../kernel/web/scope.ts'
import { viewerAt } from '../../kernel/web/viewers.ts'
import { text } from '../../texts/index.ts'
import { rightLabel } from '../roles/fields.ts'
import { personalLines } from './personal.ts'
import { customerRights, type Explained } from './record.ts'
import { type HeldRole, type Rule, rulesOf, standingOf } from './rules.ts'

const t = text.accessExplanation

export type Line = { label: string; isAllowed: boolean; rules: Rule[] }
export type Explanation = { lines: Line[]; masks: string[] }

type Asked = Pick<Explained, 'owner_id' | 'deleted_at' | 'over' | 'personal' | 'giver_id'> & {
  rights?: readonly Permission[]
}

/** Why a person can or cannot see and change a record: each right with what each role says; the outcome is the viewer's own. */
export async function explain(db: Knex, userId: number, record: Asked): Promise<Explanation> {
  const { owner_id, deleted_at, rights = customerRights, personal, giver_id } = record
  const revision = await currentRevision(db)
  const reference = await referenceAt(db, revision)
  const viewer = await viewerAt(db, revision, userId)
  const isGone = reference.person(userId)?.status === 'left'
  const roles = await rolesOf(db, userId)
  if (personal) {
    const lines = await personalLines(db, viewer, roles, personal)
    return { lines: isGone ? lines.map(barred) : lines, masks: [] }
  }
  const standing = owner_id === null ? null : await standingOf(db, userId, owner_id, reference)
  const lines = rights.map((permission) => {
    const over = rangedOver(permission).find((one) => one === record.over)
    const isGiver = giver_id === userId && viewer.can(permission)
    const isInScope = owner_id === null ? viewer.can(permission) : inScope(viewer.scope(permission, over), owner_id)
    const isReached = isGiver || isInScope
    const isGoneToBin = Boolean(deleted_at) && !permission.startsWith('recycle_bin.')
    const rules = rulesOf(roles, permission, standing, over)
    if (isGiver) rules.push({ isAllowing: true, text: t.reason.isGiver })
    if (!isReached && rules.some(({ isAllowing }) => isAllowing))
      rules.push({ isAllowing: false, text: t.reason.notVisible })
    if (isGone) rules.push({ isAllowing: false, text: t.reason.left })
    if (isGoneToBin) rules.push({ isAllowing: false, text: t.reason.deleted })
    return { label: rightLabel(permission), isAllowed: isReached && !isGone && !isGoneToBin, rules }
  })
  return {
    lines,
    masks: owner_id === null ? [] : masksOf(maskGroups.filter(viewer.isMasked), viewer.can('customers.unmask')),
  }
}

/** Who left can do nothing. */
const barred = (line: Line): Line => ({
  ...line,
  isAllowed: false,
  rules: [...line.rules, { isAllowing: false, text: t.reason.left }],
})

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
