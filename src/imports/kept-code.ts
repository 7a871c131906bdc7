import { text } from '../texts/index.ts'

/** The column that says a wrong tax number is to be kept; in the form it is a box to tick (customers/form.ts). */
export const keptCode = { name: 'is_credit_code_kept', label: text.customers.fields.is_credit_code_kept }
