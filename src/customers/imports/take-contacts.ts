import type { Knex } from 'knex'
import { inScope } from '../../kernel/web/scope.ts'
import { keepChanged, keepMade } from '../../operation/imports/applying/applied.ts'
import { type Outcome, saidOf, valuesFor } from '../../operation/imports/applying/outcome.ts'
import type { Existing } from '../../operation/imports/checking/existing.ts'
import { addReason } from '../../operation/imports/reading/row.ts'
import type { Work } from '../../operation/imports/work.ts'
import { text } from '../../texts/index.ts'
import { addContacts, type Contact, saveContact } from '../contacts/contact.ts'
import { contactKey, existingContacts } from './existing-contacts.ts'
import { makeMissing } from './missing-customers.ts'
import type { CustomerRow } from './row.ts'

/** Takes rows of contacts in at their customers, likewise. */
export async function takeContacts(trx: Knex, work: Work, rows: CustomerRow[], outcome: Outcome) {
  const isAdding = work.one.existing_choice === 'add'
  let rest = rows
  while (rest.length > 0) {
    const existing = await existingContacts(trx, work, rest)
    await makeMissing(trx, work, rest)
    const end = isAdding ? -1 : firstRepeat(rest)
    const now = end < 0 ? rest : rest.slice(0, end)
    const isNew = (row: CustomerRow) => row.reasons.length === 0 && (isAdding || !existing.has(row))
    await takeNew(trx, work, now.filter(isNew), outcome)
    for (const row of now) if (!isNew(row)) await takeExisting(trx, work, row, { found: existing.get(row), outcome })
    rest = end < 0 ? [] : rest.slice(end)
  }
}

function firstRepeat(rows: CustomerRow[]): number {
  const seen = new Set<string>()
  return rows.findIndex((row) => {
    const key = contactKey(row)
    if (key && seen.has(key)) return true
    if (key) seen.add(key)
    return false
  })
}

async function takeNew(trx: Knex, work: Work, rows: CustomerRow[], outcome: Outcome) {
  if (rows.length === 0) return
  const list = rows.map(({ values: { customer, contact }, computed }) => ({
    customer_id: customer.id as number,
    values: contact ?? {},
    spelled: computed?.contact,
  }))
  const ids = await addContacts(trx, list, work)
  outcome.taken += rows.length
  await keepMade(trx, work.one.id, 'contacts', ids)
}

type Known = { found: Existing | undefined; outcome: Outcome }

async function takeExisting(trx: Knex, work: Work, row: CustomerRow, { found, outcome }: Known) {
  const { existing_choice } = work.one
  if (row.reasons.length > 0) outcome.wrong.push(row)
  else if (!found || existing_choice === 'skip') outcome.skipped++
  else if (!inScope(work.viewer.scope('contacts.update'), found.owner_id)) {
    addReason(row, text.contacts.fields.name, row.name, text.imports.notYours)
    outcome.wrong.push(row)
  } else {
    const before: Contact = await trx('contacts').where({ id: found.id }).first()
    const values = valuesFor(existing_choice, before, saidOf(row, 'contact'))
    if (await saveContact(trx, before, { version: before.version, values, ...work })) {
      outcome.changed++
      await keepChanged(trx, work.one.id, 'contacts', before)
    } else outcome.skipped++
  }
}
