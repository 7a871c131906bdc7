import type { Knex } from 'knex'
import { severalInGroup } from '../../kernel/db/dialect.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { visibleCustomers } from '../customers/customer.ts'
import type { KeyKind } from './customer-keys.ts'
import { areAllDismissed } from './dismissed-pairs.ts'

export type Member = {
  id: number
  code: string
  name: string
  owner_id: number
  registered_on: string
  phone: string | null
}
/** Customers that share a key; `members` are the first of them, `reasons` all that these share. */
export type Group = { value_key: string; members: Member[]; count: number; reasons: GroupKind[] }

/** What the whole file is searched for; the weak keys and mail domains hold too many that are not the same. */
export const groupKinds = ['credit', 'exact', 'phone', 'safe'] as const satisfies KeyKind[]
export type GroupKind = (typeof groupKinds)[number]

export const mostMembers = 20
const groupsAtOnce = 20
/** So that a page is answered soon where ten thousand groups are left of which all but one are in the recycle bin. */
const mostRounds = 10

type Asked = { viewer: Viewer; kinds: readonly GroupKind[]; kind: GroupKind; after: string; size: number }

/**
 * Groups of customers outside the recycle bin that share a key of a kind, in the order of the keys, from behind `after`;
 * each once, where its strongest key of all `kinds` is, and none that were said to be others.
 * `next` is where to go on, null at the end. Reads the keys of one kind at most once: 0.2 s at 1,000,000 without a group.
 */
export async function duplicateGroups(
  db: Knex,
  { viewer, kinds, kind, after, size }: Asked,
): Promise<{ groups: Group[]; next: string | null }> {
  const groups: Group[] = []
  let last = after
  for (let round = 0; round < mostRounds; round++) {
    const shared = await sharedKeys(db, kind, last)
    for (const [index, { value_key, count }] of shared.entries()) {
      const group = await groupOf(db, viewer, kinds, { kind, value_key }, Number(count))
      if (group) groups.push(group)
      last = value_key
      if (groups.length === size) return { groups, next: isEnd(shared, index) ? null : last }
    }
    if (shared.length < groupsAtOnce) return { groups, next: null }
  }
  return { groups, next: last }
}

type Shared = { value_key: string; count: number | string }

const isEnd = (shared: Shared[], index: number) => shared.length < groupsAtOnce && index === shared.length - 1

function sharedKeys(db: Knex, kind: GroupKind, after: string): Promise<Shared[]> {
  const keys = db('customer_keys').where({ kind }).where('value_key', '>', after).groupBy('value_key')
  return severalInGroup(keys).orderBy('value_key').limit(groupsAtOnce).select('value_key').count({ count: '*' })
}

/** The group, if two of it are outside the recycle bin; its size counts those inside too where it has more than it shows. */
async function groupOf(
  db: Knex,
  viewer: Viewer,
  kinds: readonly GroupKind[],
  key: { kind: GroupKind; value_key: string },
  all: number,
): Promise<Group | undefined> {
  const members: Member[] = await visibleCustomers(db, viewer, 'duplicates.view')
    .join('customer_keys', 'customer_keys.customer_id', 'customers.id')
    .where({ 'customer_keys.kind': key.kind, 'customer_keys.value_key': key.value_key })
    .orderBy('customers.id')
    .limit(mostMembers)
    .select(
      'customers.id',
      'customers.code',
      'customers.name',
      'customers.owner_id',
      'customers.registered_on',
      'customers.phone',
    )
  const ids = members.map(({ id }) => id)
  if (ids.length < 2) return undefined
  const shared = await sharedBy(db, ids, kinds)
  const [strongest] = shared
  const isHere = strongest?.kind === key.kind && strongest.value_key === key.value_key
  if (!isHere || (await areAllDismissed(db, ids))) return undefined
  const reasons = kinds.filter((kind) => shared.some((one) => one.kind === kind))
  const count = members.length < mostMembers ? members.length : all
  return { value_key: key.value_key, members, count, reasons }
}

/** The keys that all of these customers have, the strongest kind first. */
async function sharedBy(db: Knex, ids: number[], kinds: readonly GroupKind[]) {
  const keys: { kind: GroupKind; value_key: string }[] = await db('customer_keys')
    .whereIn('customer_id', ids)
    .whereIn('kind', [...kinds])
    .select('kind', 'value_key')
  const held = Map.groupBy(keys, ({ kind, value_key }) => `${kind} ${value_key}`)
  const shared = [...held.values()].flatMap((some) => (some.length === ids.length && some[0] ? [some[0]] : []))
  const place = ({ kind }: { kind: GroupKind }) => kinds.indexOf(kind)
  return shared.sort((one, other) => place(one) - place(other) || (one.value_key < other.value_key ? -1 : 1))
}
