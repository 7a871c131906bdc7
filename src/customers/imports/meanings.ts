import type { Meanings } from '../../operation/imports/kind.ts'
import { headingKey, knownTarget } from '../../operation/imports/reading/headings.ts'
import { text } from '../../texts/index.ts'
import { contactTargets, customerTargets, namesContact } from './targets.ts'

const { loosePhones, ofContact } = text.imports

/** Headings that say telephone and not which. */
const loose = new Set(loosePhones.flatMap((name) => [name, ofContact(name)]).map(headingKey))

/** What the headings of a list of customers may mean, by their keys. */
export function meaningsInCustomers(keys: string[]): Meanings[] {
  const person = personAmong(keys)
  return keys.map((key, index) => ofCustomers(key, person, index))
}

/** Those of a list of contacts. */
export const meaningsInContacts = (keys: string[]): Meanings[] => keys.map(ofList)

/** The column in which the contact of a customer is named: 联系人, or 姓名 beside the name of a customer. */
function personAmong(keys: string[]): number {
  const called = keys.findIndex((key) => namesContact([knownTarget(customerTargets, key)]))
  const isNamed = keys.some((key) => knownTarget(customerTargets, key) === 'customer.name')
  return called >= 0 || !isNamed ? called : keys.findIndex((key) => namesContact([ofContactAt(key)]))
}

function ofContactAt(key: string): string | null {
  const target = knownTarget(contactTargets, key)
  return target?.startsWith('contact.') && target !== 'contact.is_main' ? target : null
}

function ofList(key: string): Meanings {
  const target = knownTarget(contactTargets, key)
  return loose.has(key) ? [null, null, target, 'contact.office_phone', 'contact.home_phone'] : [target]
}

/** What a company has none of: where its contact is named before, it is that person's. */
const personal = ['customer.mobile', 'customer.sex', 'customer.birthday_on']

/** What follows a contact's name and a customer has already is the contact's; so is what only a contact has. */
function ofCustomers(key: string, person: number, index: number): Meanings {
  const target = knownTarget(customerTargets, key)
  const ofPerson = person >= 0 && (index > person || !target) ? ofContactAt(key) : null
  if (target?.startsWith('contact.') && loose.has(key)) return [null, null, target, 'contact.office_phone']
  const spare = target === 'customer.phone' ? ['customer.phone2'] : []
  if (!ofPerson) return [target, null, null, null, ...spare]
  if (!target) return [ofPerson]
  if (personal.includes(target)) return [null, ofPerson, target]
  return [target, null, ofPerson, ...(loose.has(key) ? ['contact.office_phone'] : []), ...spare]
}
