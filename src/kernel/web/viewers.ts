import type { Knex } from 'knex'
import { cachedByRevision } from '../db/cache-revision.ts'
import { takeUpOwnModules } from '../modules/own.ts'
import {
  isPermission,
  type MaskGroup,
  type Permission,
  partsOf,
  type Range,
  rangedOver,
  rangeOf,
  rightsShowing,
} from '../permissions.ts'
import type { Scope, Viewer } from './viewer.ts'

const nobody: ReadonlySet<number> = new Set()

/** The program itself, where it works for nobody in particular. */
export const everybody: Viewer = { id: 0, can: () => true, scope: () => 'all', isMasked: () => false }

type Role = { permissions: Set<Permission>; ranges: Map<string, Range>; masks: Set<MaskGroup> }
type Held = { roles: Map<number, Role>; rolesOf: Map<number, number[]>; viewers: Map<number, Promise<Viewer>> }

const heldAt = cachedByRevision(async (db) => {
  await takeUpOwnModules(db)
  return readHeld(db)
})

async function readHeld(db: Knex): Promise<Held> {
  const roles = new Map<number, Role>()
  const role = (id: number) =>
    roles.get(id) ?? (roles.set(id, { permissions: new Set(), ranges: new Map(), masks: new Set() }).get(id) as Role)
  for (const { role_id, permission } of await db('role_permissions').select('role_id', 'permission'))
    role(role_id).permissions.add(permission)
  for (const { role_id, module, kind, range } of await db('role_ranges').select('role_id', 'module', 'kind', 'range'))
    role(role_id).ranges.set(`${module}.${kind}`, range)
  for (const { role_id, field_group } of await db('role_masks').select('role_id', 'field_group'))
    role(role_id).masks.add(field_group)
  const rolesOf = new Map<number, number[]>()
  for (const { user_id, role_id } of await db('user_roles').select('user_id', 'role_id'))
    rolesOf.set(user_id, [...(rolesOf.get(user_id) ?? []), role_id])
  return { roles, rolesOf, viewers: new Map() }
}

/** A person as the rights, the people and the departments stand at a revision (kernel/db/cache-revision.ts). */
export async function viewerAt(db: Knex, revision: number, id: number): Promise<Viewer> {
  const { roles, rolesOf, viewers } = await heldAt(db, revision)
  const held = viewers.get(id) ?? viewerOf(db, id, rolesHeld({ roles, rolesOf }, id))
  viewers.set(id, held)
  held.catch(() => viewers.delete(id))
  return held
}

/** Who has a right by one role or another. */
export async function viewersWith(db: Knex, revision: number, permission: Permission): Promise<Set<number>> {
  const { roles, rolesOf } = await heldAt(db, revision)
  const has = (role: number) => roles.get(role)?.permissions.has(permission)
  return new Set([...rolesOf].filter(([, held]) => held.some(has)).map(([id]) => id))
}

/** A person as the rights stand this moment in a transaction, whose revision may yet be taken back. */
export async function viewerNow(trx: Knex, id: number): Promise<Viewer> {
  return viewerOf(trx, id, rolesHeld(await readHeld(trx), id))
}

const rolesHeld = ({ roles, rolesOf }: Pick<Held, 'roles' | 'rolesOf'>, id: number): Role[] =>
  (rolesOf.get(id) ?? []).flatMap((role) => roles.get(role) ?? [])

async function viewerOf(db: Knex, id: number, roles: Role[]): Promise<Viewer> {
  const permissions = new Set(roles.flatMap((role) => [...role.permissions]))
  const reaches = new Map<string, Scope>()
  const people = new Map<string, Scope>()
  const asked = [...permissions].flatMap((permission) =>
    [undefined, ...rangedOver(permission)].map((over) => ({ permission, over })),
  )
  for (const { permission, over } of asked) {
    const ranges = rangesOf(roles, permission, over)
    if (!ranges) continue
    const key = [...ranges].sort().join()
    const reach = people.get(key) ?? (await peopleWithin(db, id, ranges))
    people.set(key, reach)
    reaches.set(keyOf(permission, over), reach)
  }
  return {
    id,
    can: (permission) => permissions.has(permission),
    isMasked: (group) => masks(roles, group),
    scope: (permission, over) =>
      meeting(
        reaches.get(keyOf(permission, over)) ?? nobody,
        reaches.get(keyOf(viewRight(permission), over)) ?? nobody,
      ),
  }
}

const keyOf = (permission: Permission, over?: string) => (over ? `${permission} ${over}` : permission)

/**
 * Of several roles that show records with such fields one that masks nothing is enough, but only for the module that it
 * shows: masked in one module is masked everywhere. Without any of them everything is.
 */
function masks(roles: Role[], group: MaskGroup): boolean {
  const showing = rightsShowing(group).map((right) => roles.filter(({ permissions }) => permissions.has(right)))
  const held = showing.filter((some) => some.length > 0)
  return held.length === 0 || held.some((some) => some.every((role) => role.masks.has(group)))
}

/** What is not to be seen is not to be changed either. */
export function viewRight(permission: Permission): Permission {
  const view: Permission = `${partsOf(permission)[0]}.view`
  return isPermission(view) ? view : permission
}
/** What two scopes have in common. */
export function meeting(one: Scope, other: Scope): Scope {
  if (one === 'all' || one === other) return other
  return other === 'all' ? one : one.intersection(other)
}

/** Of several roles with a right each brings its range; undefined where no record belongs to anybody. */
function rangesOf(roles: Role[], permission: Permission, over?: string): Set<Range> | undefined {
  const ranged = rangeOf(permission, over)
  if (!ranged) return undefined
  const holders = roles.filter(({ permissions }) => permissions.has(permission))
  return new Set(holders.map(({ ranges }) => ranges.get(`${ranged.module}.${ranged.kind}`) ?? 'own'))
}

async function peopleWithin(db: Knex, id: number, ranges: Set<Range>): Promise<Scope> {
  if (ranges.has('all')) return 'all'
  const ids: number[] = await db('users')
    .where('users.id', id)
    .orWhere((any) => withinRanges(db, any, id, ranges))
    .pluck('users.id')
  return new Set(ids)
}

function withinRanges(db: Knex, any: Knex.QueryBuilder, id: number, ranges: Set<Range>) {
  const own = () => db('users').where('id', id).select('department_id')
  const below = () => db('department_paths').whereIn('ancestor_id', own()).select('descendant_id')
  if (ranges.has('team')) any.orWhereIn('users.id', db('superior_paths').where('superior_id', id).select('user_id'))
  if (ranges.has('department')) any.orWhereIn('users.department_id', own())
  if (ranges.has('branch')) any.orWhereIn('users.department_id', below())
}
