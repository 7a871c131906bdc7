import type { Knex } from 'knex'
import { chainBetween } from '../../kernel/db/paths.ts'
import { type Permission, type Range, rangeOf } from '../../kernel/permissions.ts'
import type { Reference } from '../../kernel/reference.ts'
import { text } from '../../texts/index.ts'
import { superiorPaths } from '../users/superior-paths.ts'

const t = text.accessExplanation.reason

/** How a person stands to the owner of a record: what the ranges of roles ask for. */
export type Standing = {
  isOwner: boolean
  /** The names from the owner up to the person; empty when the owner is not below. */
  chain: string[]
  own: { id: number | null; name: string }
  other: { id: number | null; name: string }
  isDepartmentBelow: boolean
}

export type HeldRole = { name: string; permissions: Set<string>; ranges: Map<string, Range>; masks: Set<string> }

/** One rule: whether it lets, and why, as a person reads it. */
export type Rule = { isAllowing: boolean; text: string }

export async function standingOf(db: Knex, userId: number, ownerId: number, reference: Reference): Promise<Standing> {
  const people = await db('users').whereIn('id', [userId, ownerId]).select('id', 'department_id')
  const departmentOf = (id: number) => {
    const department_id: number | null = people.find((person) => person.id === id)?.department_id ?? null
    return { id: department_id, name: reference.department(department_id)?.name ?? t.noDepartment }
  }
  const [own, other] = [departmentOf(userId), departmentOf(ownerId)]
  const chain = userId === ownerId ? [] : await chainBetween(db, superiorPaths, ownerId, userId)
  const below = await db('department_paths').where({ ancestor_id: own.id, descendant_id: other.id }).first('depth')
  return {
    isOwner: userId === ownerId,
    chain: chain.map((id) => reference.person(id)?.name ?? ''),
    own,
    other,
    isDepartmentBelow: own.id !== null && below !== undefined,
  }
}

/** What each role of a person says about a right, wherever that reaches. */
export function rightRules(roles: HeldRole[], permission: Permission): Rule[] {
  if (roles.length === 0) return [{ isAllowing: false, text: t.noRole }]
  return roles.map(({ name, permissions }) => {
    const isAllowing = permissions.has(permission)
    return { isAllowing, text: isAllowing ? t.hasRight(name) : t.noRight(name) }
  })
}

/** What each role of a person says about a right on the record: the sentences behind the reach of kernel/web/viewers.ts. */
export function rulesOf(roles: HeldRole[], permission: Permission, standing: Standing | null, over?: string): Rule[] {
  if (roles.length === 0) return [{ isAllowing: false, text: t.noRole }]
  return roles.map((role) => {
    if (!role.permissions.has(permission)) return { isAllowing: false, text: t.noRight(role.name) }
    const ranged = rangeOf(permission, over)
    if (!ranged) return { isAllowing: true, text: t.hasRight(role.name) }
    const range = role.ranges.get(`${ranged.module}.${ranged.kind}`) ?? 'own'
    if (!standing) return { isAllowing: true, text: t[range](role.name) + t.byOwner }
    const met = meets(range, standing)
    return { isAllowing: met.isAllowing, text: t[range](role.name) + met.text }
  })
}

function meets(range: Range, standing: Standing): Rule {
  if (range === 'all') return { isAllowing: true, text: '' }
  if (standing.isOwner) return { isAllowing: true, text: t.isOwner }
  if (range === 'own') return { isAllowing: false, text: t.isNotOwner }
  return range === 'team' ? belowRule(standing) : departmentRule(range, standing)
}

const belowRule = ({ chain }: Standing): Rule =>
  chain.length > 0
    ? { isAllowing: true, text: t.isBelow(chain.join(' → ')) }
    : { isAllowing: false, text: t.isNotBelow }

function departmentRule(range: 'department' | 'branch', { own, other, isDepartmentBelow }: Standing): Rule {
  if (own.id !== null && own.id === other.id) return { isAllowing: true, text: t.sameDepartment(own.name) }
  if (range === 'branch' && isDepartmentBelow) return { isAllowing: true, text: t.below(own.name, other.name) }
  return { isAllowing: false, text: t.otherDepartment(own.name, other.name) }
}
