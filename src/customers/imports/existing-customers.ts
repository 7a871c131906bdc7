import type { Knex } from 'knex'
import { foldKey } from '../../kernel/db/fold-key.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { choiceFor } from '../../operation/imports/applying/outcome.ts'
import type { Existing } from '../../operation/imports/checking/existing.ts'
import { forgiveStored } from '../../operation/imports/checking/stored-mistakes.ts'
import type { Import } from '../../operation/imports/import.ts'
import { addReason } from '../../operation/imports/reading/row.ts'
import { text } from '../../texts/index.ts'
import { customerKeys } from '../duplicates/customer-keys.ts'
import { refuseTakenCodes } from './contact-codes.ts'
import type { CustomerRow } from './row.ts'

/** What a customer is found by, the strongest first. */
const kinds = ['credit', 'exact', 'phone'] as const
type Kind = (typeof kinds)[number]
type Holder = {
  kind: Kind
  value_key: string
  id: number
  owner_id: number
  name: string
  credit_code: string | null
  created_at: string
}
type Keys = Record<Kind, string[]>

/** More holders of one key say nothing about any of them. */
const mostHolders = 10

type About = { one: Import; viewer: Viewer; settings: { areaCode: string } }

/** The living customers that rows are about. A code that only the recycle bin has is a reason against the row. */
export async function existingCustomers(db: Knex, { one, viewer, settings }: About, rows: CustomerRow[]) {
  const found = new Map<CustomerRow, Existing>()
  const keys = new Map(rows.map((row) => [row, keysOf(row, settings.areaCode)]))
  const byCode = await holdersOfCodes(db, rows)
  // Whoever must not read telephone numbers must not find out either whose they are.
  const seen = kinds.filter((kind) => kind !== 'phone' || !viewer.isMasked('phone'))
  const holders = await holdersOf(db, seen, [...keys.values()])
  for (const row of rows) {
    const coded = byCode.get(codeOf(row) ?? '')
    if (coded && !coded.is_deleted)
      found.set(row, { id: coded.id, name: coded.name, owner_id: coded.owner_id, evidence: 'code' })
    else if (coded)
      addReason(row, text.customers.fields.code, String(row.values.customer.code), text.customers.codeTaken)
    else {
      const existing = best(row, keys.get(row) as Keys, { one, holders })
      if (existing) found.set(row, existing)
    }
  }
  await forgiveStored(db, { table: 'customers', side: 'customer' }, found)
  await refuseTakenCodes(db, rows, (row, holder) => {
    const existing = found.get(row)
    return existing?.id === holder.customer_id && choiceFor(one, existing) !== 'add'
  })
  return found
}

/** What two rows of one file must not share: a code, a tax number or a name. */
export function ownKeys(row: CustomerRow, areaCode: string): string[] {
  const code = codeOf(row)
  const { credit, exact } = keysOf(row, areaCode)
  return [
    ...(code ? [`code ${code}`] : []),
    ...credit.map((key) => `credit ${key}`),
    ...exact.map((key) => `exact ${key}`),
  ]
}

const codeOf = ({ values: { customer } }: CustomerRow) =>
  typeof customer.code === 'string' ? foldKey(customer.code) : undefined

function keysOf({ values: { customer, contact }, computed }: CustomerRow, areaCode: string): Keys {
  const keys: Keys = { credit: [], exact: [], phone: [] }
  const all = computed?.customer?.keys ?? customerKeys({ ...customer, contacts: contact ? [contact] : [] }, areaCode)
  for (const { kind, value_key } of all) if (kind in keys) keys[kind as Kind].push(value_key)
  return keys
}

type Coded = { id: number; name: string; owner_id: number; is_deleted: boolean }

async function holdersOfCodes(db: Knex, rows: CustomerRow[]) {
  const codes = rows.flatMap((row) => codeOf(row) ?? [])
  if (codes.length === 0) return new Map<string, Coded>()
  const found = await db('customers')
    .whereIn('code_key', codes)
    .select('id', 'name', 'code_key', 'owner_id', 'deleted_at')
  return new Map<string, Coded>(
    found.map(({ id, name, code_key, owner_id, deleted_at }) => [
      code_key,
      { id, name, owner_id, is_deleted: deleted_at !== null },
    ]),
  )
}

async function holdersOf(db: Knex, seen: readonly Kind[], list: Keys[]): Promise<Map<string, Holder[]>> {
  const holders: Holder[] = []
  for (const kind of seen) {
    const values = [...new Set(list.flatMap((keys) => keys[kind]))]
    if (values.length === 0) continue
    const ranked = db('customer_keys')
      .where({ kind })
      .whereIn('value_key', values)
      .select('kind', 'value_key', 'customer_id')
      .rowNumber('place', (over) => over.partitionBy('value_key').orderBy('customer_id'))
    const some: Holder[] = await db
      .from(ranked.as('ranked'))
      .join('customers', 'customers.id', 'ranked.customer_id')
      .where('place', '<=', mostHolders)
      .whereNull('customers.deleted_at')
      .select('ranked.kind', 'ranked.value_key', 'customers.id', 'customers.name', 'customers.owner_id')
      .select('customers.credit_code', 'customers.created_at')
    holders.push(...some)
  }
  return Map.groupBy(holders, ({ kind, value_key }) => `${kind} ${value_key}`)
}

type Known = { one: Import; holders: Map<string, Holder[]> }

function best({ values: { customer } }: CustomerRow, keys: Keys, { one, holders }: Known): Existing | undefined {
  const mayBe = ({ kind, credit_code, created_at }: Holder) =>
    kind !== 'phone' || (!isOther(customer.credit_code, credit_code) && created_at < one.created_at)
  for (const kind of kinds) {
    const same = keys[kind].flatMap((key) => holders.get(`${kind} ${key}`) ?? []).filter(mayBe)
    const [first] = same
    if (first && (kind !== 'phone' || same.every(({ id }) => id === first.id)))
      return { id: first.id, name: first.name, owner_id: first.owner_id, evidence: kind }
  }
  return undefined
}

/** A telephone number may be that of a bookkeeper of many companies: it proves nothing where the tax numbers differ. */
const isOther = (a: unknown, b: unknown) => Boolean(a && b && a !== b)
