import type { Knex } from 'knex'
import { nameKeys } from '../../kernel/china/name-keys.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { keepMade } from '../../operation/imports/applying/applied.ts'
import { addReason, presetsOf, type ReadRow } from '../../operation/imports/reading/row.ts'
import type { Work } from '../../operation/imports/work.ts'
import { addCustomers } from '../customers/adding.ts'
import { readCustomer } from '../customers/form.ts'

export const exactName = (name: unknown) => nameKeys(String(name)).exact
const codeOf = ({ customer }: ReadRow) => (customer.code ? foldKey(String(customer.code)) : undefined)

/** Reads the customer that a row of a contact needs as a new one, with what the settings require of it. */
export function readMissing(row: ReadRow, { one, reference, settings }: Work) {
  const typed = { ...presetsOf(one.user_id), name: row.customer.name, code: row.customer.code }
  const { values, errors } = readCustomer(typed, reference, {}, { required: settings.requiredCustomerFields })
  row.customer = values
  for (const { label, message } of errors) addReason(row, label, '', message)
}

/** Makes the customers that right rows need, each once, and gives their ids to the rows. */
export async function makeMissing(trx: Knex, work: Work, rows: ReadRow[]) {
  const lacking = rows.filter(({ reasons, customer }) => reasons.length === 0 && !customer.id)
  if (lacking.length === 0) return
  const codes = new Map(lacking.flatMap((row) => (codeOf(row) ? [[exactName(row.customer.name), codeOf(row)]] : [])))
  const groups = [
    ...Map.groupBy(lacking, (row) => {
      const name = exactName(row.customer.name)
      return codeOf(row) ?? codes.get(name) ?? ` ${name}`
    }).values(),
  ]
  const firsts = groups.map((group) => (group.find(codeOf) ?? group[0]) as ReadRow)
  const made = firsts.map(({ customer }) => ({ values: customer }))
  const ids = await addCustomers(trx, made, work)
  await keepMade(trx, work.one.id, 'customers', ids)
  for (const [index, group] of groups.entries())
    for (const row of group) row.customer = { ...row.customer, id: ids[index] }
}
