import { normaliseCreditCode } from './credit-code.ts'
import { ownMailDomain } from './mail-domains.ts'
import { nameKeys } from './name-keys.ts'
import { parsePhone } from './phone.ts'

/** What two customers may share, the strongest evidence that they are one first (china.md §4). */
export const keyKinds = ['credit', 'exact', 'phone', 'domain', 'safe', 'weak'] as const
export type KeyKind = (typeof keyKinds)[number]
export type Key = { kind: KeyKind; value_key: string }

type Row = Record<string, unknown>
/** A customer as it is stored or read from a form, with the contacts that count. */
export type KeyedCustomer = Row & { contacts?: Row[] }

/** In UTF-16 units, so that the primary key stays below the 900 bytes of SQL Server. */
export const longestKey = 220

const phones = ['phone', 'phone2', 'mobile', 'fax']
const keyedFields = ['name', 'credit_code', 'city_code', 'email', ...phones]
const contactPhones = ['mobile', 'office_phone']

/**
 * The keys of a customer by which duplicates are found, each once. `areaCode` is the company's own, for numbers written
 * without one. The weak key of the name counts within one city only, so the city is part of it.
 */
export function customerKeys(customer: KeyedCustomer, areaCode: string): Key[] {
  const { contacts = [], name, credit_code, city_code, email } = customer
  const { exact, safe, weak } = nameKeys(String(name ?? ''))
  const numbers = [customer, ...contacts].flatMap((row, index) =>
    (index === 0 ? phones : contactPhones).flatMap((field) => phoneKeys(row[field], areaCode)),
  )
  const addresses = [email, ...contacts.map((contact) => contact.email)]
  return [
    ...keysOf('credit', [creditKey(credit_code)]),
    ...keysOf('exact', [exact]),
    ...keysOf('phone', numbers),
    ...keysOf(
      'domain',
      addresses.map((address) => (address ? ownMailDomain(String(address)) : undefined)),
    ),
    ...keysOf('safe', [safe]),
    ...keysOf('weak', [city_code && weak ? `${weak}@${city_code}` : undefined]),
  ]
}

/** Whether two versions of a customer have the same keys for certain. */
export const hasSameKeys = (before: Row, after: Row) =>
  keyedFields.every((field) => (before[field] ?? null) === (after[field] ?? null))

function keysOf(kind: KeyKind, values: (string | undefined)[]): Key[] {
  const filled = values.flatMap((value) => (value ? [value.slice(0, longestKey).toWellFormed()] : []))
  return [...new Set(filled)].map((value_key) => ({ kind, value_key }))
}

const phoneKeys = (written: unknown, areaCode: string) => (written ? parsePhone(String(written), areaCode).keys : [])

/** Nothing for what people write where there is no number: 0, 无, 123, 000000000000000. */
function creditKey(written: unknown): string | undefined {
  const code = written ? normaliseCreditCode(String(written)) : ''
  return /^[0-9A-Z]{9,}$/.test(code) && !/^(.)\1*$/.test(code) ? code : undefined
}
