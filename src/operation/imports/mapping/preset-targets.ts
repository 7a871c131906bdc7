import { text } from '../../../kernel/texts/index.ts'
import { headingKey, knownTarget } from '../reading/headings.ts'
import { type ImportKind, namesContact } from './targets.ts'

const { columns, loosePhones, vagueHeadings, ofContact } = text.imports

/** Headings that our own files add and that are never taken in. */
export const isOwn = (heading: string) => headingKey(heading) === headingKey(columns.reason)

/** Headings that say telephone and not which. */
const loose = new Set(loosePhones.flatMap((name) => [name, ofContact(name)]).map(headingKey))

const vague = new Set(vagueHeadings.map(headingKey))

/** What a heading may mean, the likeliest first; where there is a gap, columns that mean but one thing choose before it. */
type Meanings = (string | null)[]

/** The target of each column: as remembered, else the likeliest meaning no other column has; none is given twice. */
export function presetTargets(
  kind: ImportKind,
  headings: string[],
  remembered: Map<string, string | null>,
): (string | null)[] {
  const keys = headings.map(headingKey)
  const person = kind === 'customers' ? personAmong(keys) : -1
  const meanings = keys.map((key, index): Meanings => {
    if (isOwn(key)) return []
    if (remembered.has(key)) return [remembered.get(key) ?? null]
    const meant = kind === 'contacts' ? ofList(key) : ofCustomers(key, person, index)
    return vague.has(key) ? [null, ...meant] : meant
  })
  const targets: (string | null)[] = keys.map(() => null)
  const last = Math.max(0, ...meanings.map(({ length }) => length))
  for (let rank = 0; rank < last; rank++)
    for (const [index, { [rank]: target }] of meanings.entries())
      if (target && !targets[index] && !targets.includes(target)) targets[index] = target
  return targets
}

/** The column in which the contact of a customer is named: 联系人, or 姓名 beside the name of a customer. */
function personAmong(keys: string[]): number {
  const called = keys.findIndex((key) => namesContact([knownTarget('customers', key)]))
  const isNamed = keys.some((key) => knownTarget('customers', key) === 'customer.name')
  return called >= 0 || !isNamed ? called : keys.findIndex((key) => namesContact([ofContactAt(key)]))
}

function ofContactAt(key: string): string | null {
  const target = knownTarget('contacts', key)
  return target?.startsWith('contact.') && target !== 'contact.is_main' ? target : null
}

function ofList(key: string): Meanings {
  const target = knownTarget('contacts', key)
  return loose.has(key) ? [null, null, target, 'contact.office_phone', 'contact.home_phone'] : [target]
}

/** What a company has none of: where its contact is named before, it is that person's. */
const personal = ['customer.mobile', 'customer.sex', 'customer.birthday_on']

/** What follows a contact's name and a customer has already is the contact's; so is what only a contact has. */
function ofCustomers(key: string, person: number, index: number): Meanings {
  const target = knownTarget('customers', key)
  const ofPerson = person >= 0 && (index > person || !target) ? ofContactAt(key) : null
  if (target?.startsWith('contact.') && loose.has(key)) return [null, null, target, 'contact.office_phone']
  const spare = target === 'customer.phone' ? ['customer.phone2'] : []
  if (!ofPerson) return [target, null, null, null, ...spare]
  if (!target) return [ofPerson]
  if (personal.includes(target)) return [null, ofPerson, target]
  return [target, null, ofPerson, ...(loose.has(key) ? ['contact.office_phone'] : []), ...spare]
}
