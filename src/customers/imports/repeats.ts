import { crc32 } from 'node:zlib'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { firstRows } from '../../operation/imports/reading/first-rows.ts'
import { addReason } from '../../operation/imports/reading/row.ts'
import { text } from '../../texts/index.ts'
import type { CustomerRow } from './row.ts'

/** The row in which each code came first, and a sum of the customer's name there: the names would fill the memory. */
type FirstRows = ReturnType<typeof firstRows>
/** Codes of customers, each marked by its customer's name, names with a code, each marked by that, and codes of contacts. */
type SeenCodes = { customers: FirstRows; names: FirstRows; contacts: FirstRows }

/** A row without a contact names none further. */
const noContact = 0
const markOf = (text: string) => crc32(foldKey(text)) || 1

/** Refuses a row whose code an earlier row of the same file has, unless it names a further contact of that customer. */
function refuseRepeatedCustomer(row: CustomerRow, { customers }: SeenCodes) {
  const { code } = row.values.customer
  if (typeof code !== 'string') return
  const mark = row.values.contact ? markOf(row.name) : noContact
  const earlier = customers(foldKey(code), row.number, mark)
  if (earlier && (mark === noContact || mark !== earlier.mark))
    addReason(row, text.customers.fields.code, code, text.imports.codeTwice(earlier.row))
}

/** One name with two codes may be two customers: that is asked. */
function noteOtherCode(row: CustomerRow, { names }: SeenCodes) {
  const { code } = row.values.customer
  if (typeof code !== 'string' || row.reasons.length > 0) return
  const mark = markOf(code)
  const earlier = names(foldKey(row.name), row.number, mark)
  if (earlier && earlier.mark !== mark) row.otherCode = { row: earlier.row, code }
}

function refuseRepeatedContact(row: CustomerRow, { contacts }: Pick<SeenCodes, 'contacts'>) {
  const code = row.values.contact?.code
  if (typeof code !== 'string') return
  const earlier = contacts(foldKey(code), row.number)
  if (earlier) addReason(row, text.contacts.fields.code, code, text.imports.codeTwice(earlier.row))
}

/** Asked for each row of customers in turn. */
export function repeatedCustomers() {
  const codes: SeenCodes = { customers: firstRows(), names: firstRows(), contacts: firstRows() }
  const look = (row: CustomerRow) => {
    refuseRepeatedCustomer(row, codes)
    noteOtherCode(row, codes)
    refuseRepeatedContact(row, codes)
  }
  return { look }
}

/** The same of contacts. */
export function repeatedContacts() {
  const codes = { contacts: firstRows() }
  return { look: (row: CustomerRow) => refuseRepeatedContact(row, codes) }
}
