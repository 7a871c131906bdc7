import type { Knex } from 'knex'
import { nameKeys } from '../../kernel/china/name-keys.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { keepMade } from '../../operation/imports/applying/applied.ts'
import { addReason } from '../../operation/imports/reading/row.ts'
import type { Work } from '../../operation/imports/work.ts'
import { addCustomers } from '../customers/adding.ts'
import { readCustomer } from '../customers/form.ts'
import { type CustomerRow, presetsOf } from './row.ts'

export const exactName = (name: unknown) => nameKeys(String(name)).exact
const codeOf = ({ values: { customer } }: CustomerRow) => (customer.code ? foldKey(String(customer.code)) : undefined)

/** Reads the customer that a row of a contact needs as a new one, with what the settings require of it. */
export function readMissing(row: CustomerRow, { one, reference, settings }: Work) {
  const typed = { ...presetsOf(one.user_id), name: row.values.customer.name, code: row.values.customer.code }
  const { values, errors } = readCustomer(typed, reference, {}, { required: settings.requiredCustomerFields })
  row.values.customer = values
  for (const { label, message } of errors) addReason(row, label, '', message)
}

/** Makes the customers that right rows need, each once, and gives their ids to the rows. */
export async function makeMissing(trx: Knex, work: Work, rows: CustomerRow[]) {
  const lacking = rows.filter(({ reasons, values: { customer } }) => reasons.length === 0 && !customer.id)
  if (lacking.length === 0) return
  const codes = new Map(
    lacking.flatMap((row) => (codeOf(row) ? [[exactName(row.values.customer.name), codeOf(row)]] : [])),
  )
  const groups = [
    ...Map.groupBy(lacking, (row) => {
      const name = exactName(row.values.customer.name)
      return codeOf(row) ?? codes.get(name) ?? ` ${name}`
    }).values(),
  ]
  const firsts = groups.map((group) => (group.find(codeOf) ?? group[0]) as CustomerRow)
  const made = firsts.map(({ values: { customer } }) => ({ values: customer }))
  const ids = await addCustomers(trx, made, work)
  await keepMade(trx, work.one.id, 'customers', ids)
  for (const [index, group] of groups.entries())
    for (const row of group) row.values.customer = { ...row.values.customer, id: ids[index] }
}
