import type { Knex } from 'knex'
import { companyPinyin } from '../../kernel/china/pinyin.ts'
import { startsWith } from '../../kernel/db/dialect.ts'
import { readSettings } from '../../kernel/settings/settings.ts'
import type { Values } from '../../kernel/web/form.ts'
import {
  customerKeys,
  hasSameKeys,
  type Key,
  type KeyedCustomer,
  type KeyKind,
  keyKinds,
  keysAnywhere,
  keyText,
  shortestCompared,
} from './customer-keys.ts'

/**
 * What two customers share; the weak key of the name where nobody said in which city, and a name that sounds the same and
 * is written otherwise (宏达, 鸿达), are the least of it.
 */
export type Evidence = KeyKind | 'anywhere'
const ranks: Evidence[] = [...keyKinds.filter((kind) => kind !== 'sound'), 'anywhere', 'sound']
const suggestions: Evidence[] = ['weak', 'sound', 'anywhere']

/** A customer that may be the same as another; `owner` and `name` may be shown to everybody. */
export type Match = {
  id: number
  name: string
  owner: string
  state: 'living' | 'deleted'
  /** The strongest that both have. */
  evidence: Evidence
  /** False for a mere suggestion: the weak key of the name, and a name that sounds the same. */
  isStrong: boolean
}

/** What is looked for: a customer as it was typed or read from a file, with its contacts where they are known. */
export type Candidate = KeyedCustomer & { contacts?: Values[] }

const mostMatches = 10
const valuesAtOnce = 1000

/**
 * Customers, also of the recycle bin, that may be the same as what was typed: at most ten, the strongest evidence first.
 * `before` is the stored customer that is being changed: it is left out, and so is what it shared before.
 */
export async function findDuplicates(
  db: Knex,
  candidate: Candidate,
  before?: { id: number } & Values,
): Promise<Match[]> {
  if (before && !candidate.contacts && hasSameKeys(before, candidate)) return []
  const { areaCode } = await readSettings(db)
  const known = new Set(before ? customerKeys(before, areaCode).map(keyText) : [])
  const keys = customerKeys(candidate, areaCode).filter((key) => !known.has(keyText(key)))
  if (keys.length === 0) return []
  const [first, ...others] = keys.map((key) => db.from(newestHolders(db, key, before?.id).as('held')).select('*'))
  const hits: Hit[] = await (first as Knex.QueryBuilder).unionAll(others)
  if (candidate.name !== before?.name)
    hits.push(...(await soundingAlike(db, candidate, before?.id)), ...(await alikeAnywhere(db, candidate, before?.id)))
  const holders = await holdersById(db, hits)
  return bestMatches(hits, holders)
}

/**
 * The same for many candidates at once, by their index; those without a match are missing. A constant number of queries
 * for 200 of them. They are compared with what is stored, not with one another, and not by how they sound: nobody looks at
 * thousands of hints.
 */
export async function findDuplicatesOf(db: Knex, list: Candidate[]): Promise<Map<number, Match[]>> {
  const { areaCode } = await readSettings(db)
  const keys = list.map((candidate) => customerKeys(candidate, areaCode).filter(({ kind }) => kind !== 'sound'))
  const hits = await hitsOf(db, keys.flat())
  const byKey = Map.groupBy(hits, keyText)
  const holders = await holdersById(db, hits)
  const found = keys.map((own) =>
    bestMatches(
      own.flatMap((key) => byKey.get(keyText(key)) ?? []),
      holders,
    ),
  )
  return new Map([...found.entries()].filter(([, matches]) => matches.length > 0))
}

type Hit = { kind: Evidence; value_key: string; customer_id: number }
type Holder = { id: number; name: string; owner: string; deleted_at: string | null }

/** Each key is cut by itself, so that a number that a hundred thousand customers share is as quick as any. */
function newestHolders(db: Knex, key: Key, except?: number): Knex.QueryBuilder {
  const query = db('customer_keys').where({ ...key })
  if (except !== undefined) query.whereNot('customer_id', except)
  return query.orderBy('customer_id', 'desc').limit(mostMatches).select('kind', 'value_key', 'customer_id')
}

/** Customers outside the recycle bin whose whole name is spelled the same. */
async function soundingAlike(db: Knex, { name }: Candidate, except = 0): Promise<Hit[]> {
  const written = String(name ?? '')
  if ([...written].length < shortestCompared) return []
  const { full } = companyPinyin(written)
  const ids: number[] = await db('customers')
    .where({ deleted_at: null, name_pinyin: full })
    .whereNot('id', except)
    .orderBy('id', 'desc')
    .limit(mostMatches)
    .pluck('id')
  return ids.map((customer_id) => ({ kind: 'sound', value_key: full, customer_id }))
}

/** Customers of any city with the core of a name that was typed without one, or with its sound; in the order of the index. */
async function alikeAnywhere(db: Knex, candidate: Candidate, except = 0): Promise<Hit[]> {
  const hits: Hit[] = []
  for (const { kind, value_key } of keysAnywhere(candidate)) {
    const rows: Hit[] = await startsWith(db('customer_keys').where({ kind }), 'value_key', value_key)
      .whereNot('customer_id', except)
      .orderBy(['value_key', 'customer_id'])
      .limit(mostMatches)
      .select('value_key', 'customer_id')
    hits.push(...rows.map((row): Hit => ({ ...row, kind: kind === 'weak' ? 'anywhere' : kind })))
  }
  return hits
}

async function hitsOf(db: Knex, keys: Key[]): Promise<Hit[]> {
  const hits: Hit[] = []
  for (const [kind, own] of Map.groupBy(keys, ({ kind }) => kind)) {
    const values = [...new Set(own.map(({ value_key }) => value_key))]
    for (let at = 0; at < values.length; at += valuesAtOnce) {
      const ranked = db('customer_keys')
        .where({ kind })
        .whereIn('value_key', values.slice(at, at + valuesAtOnce))
        .select('kind', 'value_key', 'customer_id')
        .rowNumber('place', (over) => over.partitionBy('value_key').orderBy('customer_id', 'desc'))
      hits.push(...(await db.from(ranked.as('ranked')).where('place', '<=', mostMatches).select('*')))
    }
  }
  return hits
}

async function holdersById(db: Knex, hits: Hit[]): Promise<Map<number, Holder>> {
  const ids = [...new Set(hits.map(({ customer_id }) => customer_id))]
  const holders = new Map<number, Holder>()
  for (let at = 0; at < ids.length; at += valuesAtOnce) {
    const rows: Holder[] = await db('customers')
      .join('users', 'users.id', 'customers.owner_id')
      .whereIn('customers.id', ids.slice(at, at + valuesAtOnce))
      .select('customers.id', 'customers.name', 'users.name as owner', 'customers.deleted_at')
    for (const row of rows) holders.set(row.id, row)
  }
  return holders
}

const rankOf = (kind: Evidence) => ranks.indexOf(kind)

/** Each customer once, by its strongest key; among equals the living, then the newest first. */
function bestMatches(hits: Hit[], holders: Map<number, Holder>): Match[] {
  const best = new Map<number, Evidence>()
  for (const { customer_id, kind } of hits.toSorted((a, b) => rankOf(a.kind) - rankOf(b.kind)))
    if (!best.has(customer_id)) best.set(customer_id, kind)
  return [...best]
    .flatMap(([id, kind]) => matchOf(holders.get(id), kind))
    .sort((a, b) => rankOf(a.evidence) - rankOf(b.evidence) || compare(b.state, a.state) || b.id - a.id)
    .slice(0, mostMatches)
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function matchOf(holder: Holder | undefined, evidence: Evidence): Match[] {
  // What was deleted and only sounds alike is no help.
  if (!holder || (holder.deleted_at && evidence === 'sound')) return []
  const { deleted_at, ...shown } = holder
  return [
    {
      ...shown,
      state: deleted_at ? 'deleted' : 'living',
      evidence,
      isStrong: !suggestions.includes(evidence),
    },
  ]
}
