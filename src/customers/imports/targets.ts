import { keepBoxes } from '../../kernel/web/field-rules.ts'
import type { Field } from '../../kernel/web/fields.ts'
import type { Target } from '../../operation/imports/kind.ts'
import { text } from '../../texts/index.ts'
import { contactFields } from '../contacts/fields.ts'
import { customerField, customerFields } from '../customers/fields.ts'

const t = text.imports

export type Side = 'customer' | 'contact'

/** How the values of these fields are written in other programs. */
const valueNames: Record<string, Record<string, string[]>> = { kind: t.customerKinds, sex: t.sexes }

const target = (record: Side, field: Field, label = field.label): Target => ({
  key: `${record}.${field.name}`,
  record,
  name: field.name,
  label,
  field,
  ...(field.name in valueNames && { valueNames: valueNames[field.name] }),
  ...(field.name === 'owner_id' && { isOwner: true }),
})

/** Columns that are a part of a field, or several of them (typed.ts). */
const joined = (record: Side, name: keyof typeof t.joined, label: string = t.joined[name]): Target => ({
  key: `${record}.${name}`,
  record,
  name,
  label,
  isUntold: true,
})

const nameParts = ['family_name', 'given_name'] as const
const mainContact = contactFields.filter(({ name }) => name !== 'is_main')

const ofCustomer = ({ name }: Target) => [...(t.synonyms[name] ?? []), ...(t.programSynonyms[name] ?? [])]
const ofPerson = ({ name }: Target) => [...(t.contactSynonyms[name] ?? []), ...(t.programContactSynonyms[name] ?? [])]
const named = (target: Target, ...headings: string[]): Target => ({ ...target, headings })

/** What a customer and its main contact both have says in a list whose it is. */
const shownLabel = ({ name, label }: Target) =>
  mainContact.some((field) => field.name === name) ? { shownLabel: t.ofCustomer(label) } : {}

/** Every target of a list of customers, in the order in which they are offered and stand in the template. */
export const customerTargets: Target[] = [
  ...[
    ...customerFields.map((field) => target('customer', field)),
    joined('customer', 'place'),
    // The columns that say a wrong number is to be kept; in the form they are boxes to tick (kernel/web/field-rules.ts).
    ...keepBoxes(customerFields).map((box): Target => ({ ...target('customer', box), isUntold: true })),
  ].map((one) => ({
    ...named(one, ...ofCustomer(one), ...(one.name === 'name' ? t.ownName : [])),
    ...shownLabel(one),
    ...(one.name === 'name' && { isNeeded: true as const }),
  })),
  ...[
    ...mainContact.map((field) => target('contact', field, t.ofContact(field.label))),
    ...nameParts.map((name) => joined('contact', name, t.ofContact(t.joined[name]))),
  ].map((one) => named(one, ...ofPerson(one).map(t.ofContact), ...(one.name === 'name' ? t.mainContactHeadings : []))),
]

/** Those of a list of contacts, each of a customer. */
export const contactTargets: Target[] = [
  ...[target('customer', customerField('name')), target('customer', customerField('code'))].map((one) => ({
    ...named(one, ...(one.name === 'name' ? t.customerOfContact : []), ...ofCustomer(one)),
    ...(one.name === 'name' && { isNeeded: true as const }),
  })),
  ...[
    ...contactFields.map((field) => target('contact', field)),
    ...nameParts.map((name) => joined('contact', name)),
  ].map((one) => ({
    ...named(
      one,
      ...ofPerson(one),
      ...(one.name === 'name' ? t.ownName : []),
      ...(one.name === 'is_main' ? t.mainContactHeadings : []),
    ),
    ...(one.name === 'name' && { isNeeded: true as const }),
  })),
]

/** The targets that name somebody. */
export const personKeys = ['contact.name', 'contact.family_name', 'contact.given_name']

/** Whether columns name somebody, in one or in two of them. */
export const namesContact = (targets: readonly (string | null)[]) => personKeys.some((key) => targets.includes(key))
