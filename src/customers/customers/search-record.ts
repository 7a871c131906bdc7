import type { Knex } from 'knex'
import type { SearchRecord } from '../../kernel/search/tokens.ts'
import { facets } from './fields.ts'
import { tagIdsIn, withTags } from './tags.ts'

const contactColumns = [
  'name',
  'nickname',
  'name_pinyin',
  'name_initials',
  'mobile',
  'office_phone',
  'home_phone',
  'address',
] as const
type Contact = Partial<Record<(typeof contactColumns)[number], string | null>>
const phones = ['phone', 'phone2', 'mobile', 'fax']
type Searchable = Record<string, unknown>

const texts = ['name', 'short_name', 'code', 'name_pinyin', 'name_initials', 'address', ...phones]

/** Whether two versions of a customer are found by the same words and numbers. */
export const hasSameTexts = (before: Searchable, after: Searchable) =>
  texts.every((name) => (before[name] ?? null) === (after[name] ?? null))

const isFilled = (value: string | null | undefined): value is string => Boolean(value)

/** What of a customer, read with its tags, and its contacts the search finds (kernel/search/tokens.ts). */
export function searchRecord(customer: Searchable, contacts: Contact[]): SearchRecord {
  const numbers = [
    ...phones.map((name) => customer[name] as string | null),
    ...contacts.flatMap(({ mobile, office_phone, home_phone }) => [mobile, office_phone, home_phone]),
  ]
  return {
    name: String(customer.name),
    short_name: customer.short_name as string | null,
    code: customer.code as string,
    phones: numbers.filter(isFilled),
    initials: customer.name_initials as string,
    addresses: [customer.address as string | null, ...contacts.map(({ address }) => address ?? null)].filter(isFilled),
    people: contacts.flatMap(({ name, nickname, name_initials }) => [name, nickname, name_initials]).filter(isFilled),
    spelled: [customer as Searchable, ...contacts].map(({ name_pinyin, name_initials }) => ({
      full: name_pinyin,
      initials: name_initials,
    })),
    facets: {
      ...Object.fromEntries(facets.map((name) => [name, (customer[name] ?? null) as string | number | null])),
      tag_id: tagIdsIn(customer),
    },
  }
}

/** The search records of living customers as they are stored, in the order of their ids. */
export async function searchRecords(db: Knex, ids: number[]): Promise<{ id: number; record: SearchRecord }[]> {
  const living: (Searchable & { id: number })[] = await db('customers')
    .whereIn('id', ids)
    .whereNull('deleted_at')
    .orderBy('id')
  const customers = await withTags(db, living)
  const contacts: (Contact & { customer_id: number })[] = await db('contacts')
    .whereIn('customer_id', ids)
    .whereNull('deleted_at')
    .select('customer_id', ...contactColumns)
  const byCustomer = Map.groupBy(contacts, ({ customer_id }) => customer_id)
  return customers.map((customer) => ({
    id: customer.id,
    record: searchRecord(customer, byCustomer.get(customer.id) ?? []),
  }))
}
