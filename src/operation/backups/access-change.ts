import { moduleLabel } from '../../kernel/permissions.ts'
import { text } from '../../texts/index.ts'
import { type Access, type Person, type Role, rightsOf } from './access.ts'

/** One thing that a restoration changes in who may do what, and whom it concerns. */
export type AccessChange = { label: string; items: string[]; more: number }

const t = text.backups.accessChanges
/** More than a page can show are counted. */
const mostShown = 50

const isIn = (all: ReadonlyMap<string, unknown>, name: string) => all.has(name)
const named = (username: string, { name }: Person) => t.person(name, username)

/** What a restoration changes in people, roles and rights, in the order in which it matters. */
export function accessChanges(now: Access, after: Access): AccessChange[] {
  const both = [...after.people].flatMap(([username, person]) => {
    const before = now.people.get(username)
    return before ? [{ username, person, before }] : []
  })
  const select = (isSo: (one: (typeof both)[number]) => boolean) =>
    both.filter(isSo).map(({ username, person }) => named(username, person))
  const parts: [string, string[]][] = [
    [t.added, [...after.people].filter(([name]) => !isIn(now.people, name)).map(addedPerson)],
    [t.removed, [...now.people].filter(([name]) => !isIn(after.people, name)).map(([name, one]) => named(name, one))],
    [t.reopened, select(({ person, before }) => person.isActive && !before.isActive)],
    [t.closed, select(({ person, before }) => !person.isActive && before.isActive)],
    [t.assigned, both.flatMap(assignments)],
    [t.rolesAdded, [...after.roles.keys()].filter((name) => !isIn(now.roles, name))],
    [t.rolesRemoved, [...now.roles.keys()].filter((name) => !isIn(after.roles, name))],
    [t.rights, [...after.roles].flatMap(([name, role]) => rightChanges(now.roles.get(name), role))],
    [t.passwords, select(({ person, before }) => person.password !== before.password)],
    [t.factors, select(({ person, before }) => person.factor !== before.factor)],
  ]
  return parts
    .filter(([, items]) => items.length > 0)
    .map(([label, items]) => ({ label, items: items.slice(0, mostShown), more: Math.max(0, items.length - mostShown) }))
}

function addedPerson([username, person]: [string, Person]): string {
  const roles = person.roles.size > 0 ? text.common.listed([...person.roles]) : t.noRole
  return text.common.pair(named(username, person), roles)
}

type Both = { username: string; person: Person; before: Person }

function assignments({ username, person, before }: Both): string[] {
  const said = difference(before.roles, person.roles)
  return said ? [text.common.pair(named(username, person), said)] : []
}

function rightChanges(before: Role | undefined, role: Role): string[] {
  if (!before) return []
  const rights = difference(
    new Set([...before.permissions].map(rightName)),
    new Set([...role.permissions].map(rightName)),
  )
  const isOther = before.limits.symmetricDifference(role.limits).size > 0
  const said = [...(rights ? [rights] : []), ...(isOther ? [t.limits] : [])]
  return said.length > 0 ? [text.common.pair(role.name, said.join(t.separator))] : []
}

function difference(before: Set<string>, after: Set<string>): string {
  const [gained, lost] = [[...after.difference(before)], [...before.difference(after)]]
  const said = [
    ...(gained.length > 0 ? [t.gained(text.common.listed(gained))] : []),
    ...(lost.length > 0 ? [t.lost(text.common.listed(lost))] : []),
  ]
  return said.join(t.separator)
}

/** A right in words; one that this program does not know as it is written. */
export function rightName(permission: string): string {
  const [module = '', action = ''] = permission.split('.')
  const label = moduleLabel(module)
  return label ? `${label} ${text.actions[action as keyof typeof text.actions] ?? action}` : permission
}

/** Changes as lines, for the log of a command. */
export const changeLines = (changes: AccessChange[]): string[] =>
  changes.length === 0
    ? [t.none]
    : changes.map(({ label, items, more }) => text.common.pair(label, `${items.join(t.separator)}${t.more(more)}`))

/** The rights somebody would have after a restoration and has not now: nobody gives himself any by bringing back a day. */
export const rightsGained = (now: Access, after: Access, username: string) =>
  rightsOf(after, username).difference(rightsOf(now, username))
