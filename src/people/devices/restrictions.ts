import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { upsert } from '../../kernel/db/dialect.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Reference } from '../../kernel/reference.ts'
import { addressesIn, addressList, isAddress, plainAddress } from '../../kernel/web/addresses.ts'
import { check, type Field, type FieldKind, long } from '../../kernel/web/fields.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changesBetween, eventOf, type RecordKind, Stale } from '../../kernel/web/record.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'

const t = text.access
const longest = 1000

/** Addresses and networks, one a line. */
const addresses: FieldKind = {
  ...long,
  parse: (typed) => {
    const entries = addressesIn(typed)
    const wrong = entries.find((entry) => !isAddress(entry))
    if (wrong) throw t.wrongAddress(wrong.slice(0, 60))
    const list = [...new Set(entries)].join('\n')
    if (list.length > longest) throw t.tooMany
    return list
  },
}

export const accessFields: Field[] = [
  { name: 'is_device_bound', label: t.isDeviceBound, kind: check, hint: t.isDeviceBoundHint },
  { name: 'allowed_addresses', label: t.addresses, kind: addresses, hint: t.addressesHint, isWide: true },
]

/** What restricts a user; its id is that of the user. */
export const accessKind: RecordKind = {
  table: 'user_access',
  fields: accessFields,
  nameOf: (row) => String(row.name),
}

export type Restrictions = { id: number; name: string; version: number } & Values

/** How a user is restricted; version 1 stands for not at all, so far. */
export async function findRestrictions(db: Knex, user: { id: number; name: string }): Promise<Restrictions> {
  const none = { is_device_bound: false, allowed_addresses: null, version: 1 }
  const row = await db('user_access')
    .where({ user_id: user.id })
    .first('is_device_bound', 'allowed_addresses', 'version')
  return { ...none, ...row, id: user.id, name: user.name }
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/** Saves the restrictions that still stand at `version`; nobody can lock oneself out. Answers whether anything changed. */
export async function restrict(trx: Knex, user: { id: number; name: string }, save: Save): Promise<boolean> {
  const { version, values, actor, reference } = save
  // First, because its row makes two changes wait for each other.
  await bumpRevision(trx)
  const before = await findRestrictions(trx, user)
  const changes = changesBetween(accessFields, before, values, reference)
  if (changes.length === 0) return false
  if (before.version !== version) throw new Stale()
  const { is_device_bound, allowed_addresses } = values as {
    is_device_bound: boolean
    allowed_addresses: string | null
  }
  if (user.id === actor.id) refuseLockingOut(allowed_addresses, actor.address ?? '')
  const row = { is_device_bound, allowed_addresses, updated_at: new Date().toISOString(), version: version + 1 }
  await upsert(trx, 'user_access', { user_id: user.id }, row)
  await recordEvent(trx, actor, {
    ...eventOf(accessKind, before),
    action: 'update',
    record_version: version + 1,
    changes,
  })
  return true
}

function refuseLockingOut(list: string | null, address: string) {
  if (!list || addressList(addressesIn(list))(address)) return
  throw new Refusal({ message: t.notOneself(plainAddress(address)), field: 'allowed_addresses' })
}
