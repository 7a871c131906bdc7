import type { Knex } from 'knex'
import type { Permission } from '../../kernel/permissions.ts'

/** A role by what it allows: rights, and how far they reach or what they hide. */
export type Role = { name: string; permissions: Set<string>; limits: Set<string> }

/** A person by the user name, with the names of the roles held, and what a sign-in asks for. */
export type Person = { name: string; isActive: boolean; roles: Set<string>; password: string; factor: string }

/** Who may do what in a database; by names, since the numbers are others elsewhere. */
export type Access = { people: Map<string, Person>; roles: Map<string, Role> }

type Row = Record<string, unknown>

/** What it is read from, each table with the columns that are needed. */
export const accessTables = {
  users: ['id', 'username_key', 'name', 'status', 'password_hash'],
  second_factors: ['user_id', 'sealed_secret'],
  user_roles: ['user_id', 'role_id'],
  roles: ['id', 'code', 'name'],
  role_permissions: ['role_id', 'permission'],
  role_ranges: ['role_id', 'module', 'kind', 'range'],
  role_masks: ['role_id', 'field_group'],
} as const satisfies Record<string, readonly string[]>

export type AccessRows = Record<keyof typeof accessTables, Row[]>

/** Reads who may do what out of a database whose schema is the present one. */
export async function readAccess(db: Knex): Promise<Access> {
  const rows: Partial<AccessRows> = {}
  for (const [table, columns] of Object.entries(accessTables))
    rows[table as keyof AccessRows] = await db(table).select(columns as unknown as string[])
  return accessOf(rows as AccessRows)
}

/** The same from the rows themselves, as an archive has them. */
export function accessOf(rows: AccessRows): Access {
  const roles = new Map<number, Role>()
  for (const { id, name } of rows.roles)
    roles.set(Number(id), { name: String(name), permissions: new Set(), limits: new Set() })
  const role = (id: unknown) => roles.get(Number(id))
  for (const { role_id, permission } of rows.role_permissions) role(role_id)?.permissions.add(String(permission))
  for (const { role_id, module, kind, range } of rows.role_ranges)
    role(role_id)?.limits.add(`${module}.${kind} ${range}`)
  for (const { role_id, field_group } of rows.role_masks) role(role_id)?.limits.add(String(field_group))
  const people = new Map<number, Person & { key: string }>()
  for (const { id, username_key, name, status, password_hash } of rows.users)
    people.set(Number(id), {
      key: String(username_key),
      ...{ name: String(name), isActive: status !== 'left', roles: new Set() },
      ...{ password: String(password_hash), factor: '' },
    })
  for (const { user_id, role_id } of rows.user_roles) {
    const held = role(role_id)
    if (held) people.get(Number(user_id))?.roles.add(held.name)
  }
  for (const { user_id, sealed_secret } of rows.second_factors) {
    const person = people.get(Number(user_id))
    if (person) person.factor = String(sealed_secret)
  }
  return {
    people: new Map([...people.values()].map(({ key, ...person }) => [key, person])),
    roles: new Map([...roles.values()].map((one) => [one.name, one])),
  }
}

/** Every right a person has, by the key of the user name; none without the person, or when it was closed. */
export function rightsOf({ people, roles }: Access, key: string): Set<Permission> {
  const person = people.get(key)
  if (!person?.isActive) return new Set()
  return new Set([...person.roles].flatMap((name) => [...(roles.get(name)?.permissions ?? [])]) as Permission[])
}
