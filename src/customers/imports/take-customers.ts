import type { Knex } from 'knex'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { inScope } from '../../kernel/web/scope.ts'
import { keepChanged, keepMade } from '../../operation/imports/applying/applied.ts'
import { choiceFor, type Outcome, saidOf, valuesFor } from '../../operation/imports/applying/outcome.ts'
import type { Existing } from '../../operation/imports/checking/existing.ts'
import type { ExistingChoice } from '../../operation/imports/import.ts'
import { addReason } from '../../operation/imports/reading/row.ts'
import type { Work } from '../../operation/imports/work.ts'
import { text } from '../../texts/index.ts'
import { addContacts, type Contact, saveContact } from '../contacts/contact.ts'
import { addCustomers } from '../customers/adding.ts'
import { findCustomer, saveCustomer } from '../customers/customer.ts'
import { existingCustomers, ownKeys } from './existing-customers.ts'
import type { CustomerRow } from './row.ts'

/**
 * Takes rows of customers in: new ones in bulk, existing ones as was chosen. A row about the same customer as an earlier
 * one of the batch waits until that one is there.
 */
export async function takeCustomers(trx: Knex, work: Work, rows: CustomerRow[], outcome: Outcome) {
  let rest = rows
  while (rest.length > 0) {
    const existing = await existingCustomers(trx, work, rest)
    if (work.one.columns.partsCodes) await partCodes(trx, work, existing)
    const { now, later } = firstOfEach(work, rest, existing)
    await takeNew(
      trx,
      work,
      now.filter((row) => isNew(row, existing, work)),
      outcome,
    )
    const here = await madeHere(trx, work, [...existing.values()])
    for (const row of now)
      if (!isNew(row, existing, work)) await takeExisting(trx, work, row, { existing, here, outcome })
    rest = later
  }
}

/** A row with a code of its own is not about a customer of its name that another row of the file made. */
async function partCodes(trx: Knex, work: Work, existing: Map<CustomerRow, Existing>) {
  const named = [...existing].filter(
    ([
      {
        values: { customer },
      },
      { evidence },
    ]) => customer.code && evidence !== 'code',
  )
  const here = await madeHere(
    trx,
    work,
    named.map(([, found]) => found),
  )
  for (const [row, { id }] of named) if (here.has(id)) existing.delete(row)
}

function isNew(row: CustomerRow, existing: Map<CustomerRow, Existing>, { one }: Work) {
  const found = existing.get(row)
  return row.reasons.length === 0 && (!found || (found.evidence !== 'code' && choiceFor(one, found) === 'add'))
}

/** The rows up to the first that is about the same new customer as one before it, and those from there on. */
function firstOfEach(work: Work, rows: CustomerRow[], existing: Map<CustomerRow, Existing>) {
  const { one, settings } = work
  const seen = new Set<string>()
  if (one.existing_choice === 'add') return { now: rows, later: [] }
  const end = rows.findIndex((row) => {
    if (existing.has(row) && !isNew(row, existing, work)) return false
    const keys = ownKeys(row, settings.areaCode)
    if (keys.some((key) => seen.has(key))) return true
    for (const key of keys) seen.add(key)
    return false
  })
  return end < 0 ? { now: rows, later: [] } : { now: rows.slice(0, end), later: rows.slice(end) }
}

async function takeNew(trx: Knex, { one, actor, settings }: Work, rows: CustomerRow[], outcome: Outcome) {
  if (rows.length === 0) return
  const added = rows.map(({ values: { customer, contact }, computed }) => ({
    values: customer,
    contact,
    computed: computed?.customer,
  }))
  const ids = await addCustomers(trx, added, { actor, settings })
  outcome.taken += rows.length
  await keepMade(trx, one.id, 'customers', ids)
  if (!rows.some(({ values }) => values.contact)) return
  const made: number[] = await trx('contacts').whereIn('customer_id', ids).pluck('id')
  await keepMade(trx, one.id, 'contacts', made)
}

/** The customers among these that earlier rows of the same file made. */
async function madeHere(trx: Knex, { one }: Work, list: Existing[]): Promise<Set<number>> {
  if (list.length === 0) return new Set()
  const made = { import_id: one.id, record_type: 'customers', action: 'create' }
  const ids = [...new Set(list.map(({ id }) => id))]
  return new Set(await trx('import_rows').where(made).whereIn('record_id', ids).pluck('record_id'))
}

type Known = { existing: Map<CustomerRow, Existing>; here: Set<number>; outcome: Outcome }

async function takeExisting(trx: Knex, work: Work, row: CustomerRow, { existing, here, outcome }: Known) {
  const found = existing.get(row)
  const choice = found && choiceFor(work.one, found)
  if (row.reasons.length > 0) outcome.wrong.push(row)
  else if (!found || !choice) outcome.skipped++
  else if (choice === 'skip') {
    const isFurther = here.has(found.id) && (await addFurtherContact(trx, work, row, found.id))
    outcome[isFurther ? 'changed' : 'skipped']++
  } else if (choice === 'add') {
    addReason(row, text.customers.fields.code, String(row.values.customer.code), text.customers.codeTaken)
    outcome.wrong.push(row)
  } else if (!inScope(work.viewer.scope('customers.update'), found.owner_id)) {
    addReason(row, text.customers.fields.name, row.name, text.imports.notYours)
    outcome.wrong.push(row)
  } else if (choice === 'overwrite' && movesUnasked(work, row, found)) {
    addReason(row, text.customers.fields.owner_id, row.name, text.imports.mayNotMove)
    outcome.wrong.push(row)
  } else if (await changeCustomer(trx, work, row, { id: found.id, choice })) outcome.changed++
  else outcome.skipped++
}

/** Whether a row gives a customer to somebody else although its importer may not hand that customer over. */
function movesUnasked({ viewer }: Work, { given, values }: CustomerRow, { owner_id }: Existing): boolean {
  const isNamed = given.customer?.includes('owner_id') && values.customer.owner_id !== owner_id
  return Boolean(isNamed) && !inScope(viewer.scope('customers.transfer'), owner_id)
}

type Changed = { id: number; choice: ExistingChoice }

/** Changes a customer and its contact as far as the row says something new; answers whether it did. */
async function changeCustomer(trx: Knex, work: Work, row: CustomerRow, { id, choice }: Changed): Promise<boolean> {
  const { actor, viewer, reference, one } = work
  const before = await findCustomer(trx, viewer, id, 'customers.update')
  const values = valuesFor(choice, before, saidOf(row, 'customer'))
  const isChanged = await saveCustomer(trx, id, { version: before.version, values, actor, reference })
  if (isChanged) await keepChanged(trx, one.id, 'customers', before)
  const mayChange = inScope(viewer.scope('contacts.update'), before.owner_id)
  return (mayChange && (await changeContact(trx, work, row, { id, choice }))) || isChanged
}

/** Adds the contact of a row, unless the customer has one of this name. */
async function addFurtherContact(
  trx: Knex,
  work: Work,
  { values: { contact } }: CustomerRow,
  customer_id: number,
): Promise<boolean> {
  if (!contact || (await contactNamed(trx, customer_id, contact.name))) return false
  const made = await addContacts(trx, [{ customer_id, values: { ...contact, code: null, is_main: false } }], work)
  await keepMade(trx, work.one.id, 'contacts', made)
  return true
}

async function contactNamed(trx: Knex, customer_id: number, wanted: unknown): Promise<Contact | undefined> {
  const own: Contact[] = await trx('contacts').where({ customer_id }).whereNull('deleted_at')
  return own.find(({ name }) => foldKey(name) === foldKey(String(wanted)))
}

async function changeContact(trx: Knex, work: Work, row: CustomerRow, { id, choice }: Changed) {
  const { contact } = row.values
  if (!contact) return false
  const before = await contactNamed(trx, id, contact.name)
  if (!before) return addFurtherContact(trx, work, row, id)
  const values = valuesFor(choice, before, saidOf(row, 'contact'))
  const isChanged = await saveContact(trx, before, { version: before.version, values, ...work })
  if (isChanged) await keepChanged(trx, work.one.id, 'contacts', before)
  return isChanged
}
