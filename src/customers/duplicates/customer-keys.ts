import { normaliseCreditCode } from '../../kernel/china/credit-code.ts'
import { ownMailDomain } from '../../kernel/china/mail-domains.ts'
import { nameKeys } from '../../kernel/china/name-keys.ts'
import { parsePhone } from '../../kernel/china/phone.ts'
import { companyPinyin } from '../../kernel/china/pinyin.ts'
import { cityAtHead } from '../../kernel/china/regions.ts'

/** What two customers may share, the strongest evidence that they are one first (china.md §4). */
export const keyKinds = ['credit', 'exact', 'phone', 'domain', 'safe', 'weak', 'sound'] as const
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
 * without one. The weak key of the name and how that sounds (凯德雅, 凯德亚) count within one city only, so the city is part
 * of them: the one that is chosen, or else the one that the name begins with.
 */
export const customerKeys = ({ contacts = [], ...customer }: KeyedCustomer, areaCode: string): Key[] =>
  distinct([
    ...keysWithoutContacts(customer, areaCode),
    ...contacts.flatMap((contact) => contactKeys(contact, areaCode)),
  ])

/** Those that a customer has without its contacts. */
function keysWithoutContacts(customer: Row, areaCode: string): Key[] {
  const { name, credit_code, email } = customer
  const { exact, safe, weak } = nameKeys(String(name ?? ''))
  const keys: Key[] = []
  add(keys, 'credit', creditKey(credit_code))
  add(keys, 'exact', exact)
  addPhones(keys, customer, phones, areaCode)
  add(keys, 'domain', domainKey(email))
  add(keys, 'safe', safe)
  const city = cityOf(customer)
  add(keys, 'weak', city && weak ? `${weak}@${city}` : undefined)
  const sound = city && soundOf(weak)
  add(keys, 'sound', sound ? `${sound}@${city}` : undefined)
  return keys
}

const cityOf = ({ city_code, name }: Row) => city_code || cityAtHead(String(name ?? ''))

/** Of two or three characters too many are alike. */
export const shortestCompared = 4

/** How a weak key is spelled. */
const soundOf = (weak: string) => ([...weak].length < shortestCompared ? '' : companyPinyin(weak).full)

/** How the keys of a name within a city begin in whatever city; none where the city is known, or the name too short to tell much. */
export function keysAnywhere(customer: Row): Key[] {
  const { weak } = nameKeys(String(customer.name ?? ''))
  if (cityOf(customer) || [...weak].length < shortestCompared) return []
  return [
    { kind: 'weak', value_key: `${weak}@` },
    { kind: 'sound', value_key: `${soundOf(weak)}@` },
  ]
}

/** Those that a contact adds to its customer. */
function contactKeys(contact: Row, areaCode: string): Key[] {
  const keys: Key[] = []
  addPhones(keys, contact, contactPhones, areaCode)
  add(keys, 'domain', domainKey(contact.email))
  return keys
}

/** Whether two versions of a customer have the same keys for certain. */
export const hasSameKeys = (before: Row, after: Row) =>
  keyedFields.every((field) => (before[field] ?? null) === (after[field] ?? null))

/** Keys, each once, in the order in which they come first. */
function distinct(keys: Key[]): Key[] {
  const seen = new Set<string>()
  return keys.filter((key) => seen.size < seen.add(keyText(key)).size)
}

/** A key as one text. */
export const keyText = ({ kind, value_key }: { kind: string; value_key: string }) => `${kind} ${value_key}`

function add(keys: Key[], kind: KeyKind, value: string | undefined) {
  if (value) keys.push({ kind, value_key: value.slice(0, longestKey).toWellFormed() })
}

function addPhones(keys: Key[], row: Row, fields: string[], areaCode: string) {
  for (const field of fields) {
    if (!row[field]) continue
    for (const key of parsePhone(String(row[field]), areaCode).keys) add(keys, 'phone', key)
  }
}

const domainKey = (address: unknown) => (address ? ownMailDomain(String(address)) : undefined)

/** Nothing for what people write where there is no number: 0, 无, 123, 000000000000000. */
function creditKey(written: unknown): string | undefined {
  const code = written ? normaliseCreditCode(String(written)) : ''
  return /^[0-9A-Z]{9,}$/.test(code) && !/^(.)\1*$/.test(code) ? code : undefined
}
