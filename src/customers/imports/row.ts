import { today } from '../../kernel/china/clock.ts'
import { readForm, type Values } from '../../kernel/web/form.ts'
import {
  addError,
  addReason,
  givenIn,
  type ReadRow,
  type RowContext,
  type Texts,
} from '../../operation/imports/reading/row.ts'
import { text } from '../../texts/index.ts'
import { contactFields } from '../contacts/fields.ts'
import { pinyinKeys } from '../contacts/row-values.ts'
import { type Computed, computedOf } from '../customers/computed.ts'
import { readCustomer } from '../customers/form.ts'
import { typedContact, typedCustomer } from './typed.ts'

/** A row of a file about a customer, or about a contact of one. */
export type CustomerRow = ReadRow & {
  values: { customer: Values; contact?: Values }
  computed?: { customer?: Computed; contact?: ReturnType<typeof pinyinKeys> }
}

/** A row that is about nobody. */
export const blank = { customer: {} }

/** What a new customer has of which a row says nothing. */
export const presetsOf = (ownerId: number) => ({
  kind: 'company',
  registered_on: today(),
  owner_id: String(ownerId),
})

/** Reads a row of customers: the customer, and its contact where the row says anything of one. */
export function readCustomerRow(read: CustomerRow, written: Texts, context: RowContext) {
  const typed = typedBoth(read, written, context)
  read.name = written['customer.name'] ?? ''
  readCustomerOf(read, typed.customer, context, written)
  if (read.given.contact?.length) readContactOf(read, typed.contact, context, written)
}

/** Reads a row of contacts, whose customer is only named. */
export function readContactRow(read: CustomerRow, written: Texts, context: RowContext) {
  const typed = typedBoth(read, written, context)
  read.name = typed.contact.name ?? ''
  read.values.customer = { name: typed.customer.name ?? null, code: typed.customer.code ?? null }
  readContactOf(read, typed.contact, context, written)
}

function typedBoth(read: CustomerRow, written: Texts, context: RowContext) {
  const typed = {
    customer: typedCustomer(written, context, read),
    contact: typedContact(written, context, read),
  }
  read.given = { customer: givenIn(read, 'customer', typed.customer), contact: givenIn(read, 'contact', typed.contact) }
  return typed
}

/** What follows from a customer and its contact. */
export function computeCustomer(read: CustomerRow, { settings }: RowContext) {
  const { customer, contact } = read.values
  read.computed = { customer: computedOf(customer, contact, settings.areaCode) }
}

export function computeContact(read: CustomerRow) {
  const { contact } = read.values
  if (contact) read.computed = { contact: pinyinKeys(contact) }
}

function readCustomerOf(read: CustomerRow, typed: Texts, context: RowContext, written: Texts) {
  const { reference, settings, presets, viewer } = context
  const body = { ...presets, ...typed }
  if (body.owner_id === '') body.owner_id = presets.owner_id ?? ''
  if (body.owner_id !== presets.owner_id && !viewer.can('customers.transfer'))
    addReason(read, text.customers.fields.owner_id, written['customer.owner_id'], text.imports.notForOthers)
  const { values, errors } = readCustomer(body, reference, {}, { required: settings.requiredCustomerFields })
  read.values.customer = values
  for (const error of errors) addError(read, 'customer', error, written)
}

function readContactOf(read: CustomerRow, typed: Texts, { kind, reference }: RowContext, written: Texts) {
  const { values, errors } = readForm(contactFields, typed, reference)
  read.values.contact = values
  for (const error of errors) {
    const label = kind.name === 'customers' ? text.imports.ofContact(error.label) : error.label
    const message = error.field === 'name' && !typed.name ? text.imports.contactWithoutName : error.message
    addError(read, 'contact', { ...error, label, message }, written)
  }
}
